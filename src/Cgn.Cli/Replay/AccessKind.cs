namespace Cgn.Cli.Replay;

/// <summary>How simulated subscribers reach the gateway.</summary>
internal enum AccessKind
{
    /// <summary>Through a softwire from their B4 (RFC 6333).</summary>
    DsLite,

    /// <summary>With a shared-space IPv4 address (RFC 6598).</summary>
    Nat444,
}
