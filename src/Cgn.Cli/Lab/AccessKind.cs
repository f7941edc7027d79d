namespace Cgn.Cli.Lab;

/// <summary>How a home of the lab reaches the gateway.</summary>
public enum AccessKind
{
    /// <summary>IPv4 inside IPv6, by a B4 (RFC 6333).</summary>
    DsLite,

    /// <summary>
    /// A customer router that translates to one address of the shared space (RFC 6598), which the gateway translates
    /// again.
    /// </summary>
    Nat444,
}
