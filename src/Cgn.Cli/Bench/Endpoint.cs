using Cgn.Wire;

namespace Cgn.Cli.Bench;

/// <summary>An address and a port.</summary>
/// <param name="Address">Host order.</param>
/// <param name="Port">Port.</param>
internal readonly record struct Endpoint(uint Address, ushort Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{new Ipv4Address(Address)}:{Port}";
}
