namespace Cgn.Wire;

/// <summary>Opcodes of PCP (RFC 6887 section 19.3).</summary>
public enum PcpOpcode : byte
{
    /// <summary>Tells the epoch (section 14.1).</summary>
    Announce = 0,

    /// <summary>An endpoint to be reached by (section 11).</summary>
    Map = 1,

    /// <summary>A connection to be kept (section 12).</summary>
    Peer = 2,
}
