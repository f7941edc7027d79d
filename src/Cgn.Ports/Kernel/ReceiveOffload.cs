namespace Cgn.Ports.Kernel;

/// <summary>Ways in which received packets are joined to larger ones.</summary>
internal enum ReceiveOffload
{
    /// <summary>By the kernel: generic receive offload.</summary>
    Generic,

    /// <summary>By the device: large receive offload.</summary>
    Large,
}
