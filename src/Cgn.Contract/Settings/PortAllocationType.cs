namespace Cgn.Contract.Settings;

/// <summary>How external ports are given to subscribers (RFC 6888 REQ-13 to 15, RFC 7422).</summary>
public enum PortAllocationType : byte
{
    /// <summary>Blocks on demand, each allocation logged.</summary>
    PortSet = 0,

    /// <summary>Computed from the subscriber's address; nothing to log.</summary>
    Deterministic = 1,
}
