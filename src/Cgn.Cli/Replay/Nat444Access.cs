using System;

using Cgn.Cli.Captures;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Replay;

/// <summary>
/// NAT444: every internal host of every simulated subscriber has a shared-space address of its own (RFC 6598).
/// </summary>
/// <param name="prefix">The addresses that customers may have.</param>
/// <param name="hosts">Internal hosts of a subscriber.</param>
internal sealed class Nat444Access(Ipv4PrefixSetting prefix, int hosts) : Access
{
    private const ushort TypeIpv4 = 0x0800;

    private readonly uint _first = prefix.Address + 1;

    /// <summary>Most subscribers whose hosts have room in a prefix.</summary>
    internal static double SubscribersMax(Ipv4PrefixSetting prefix, int hosts) =>
        (Math.Pow(2, 32 - prefix.Length) - 2) / Math.Max(1, hosts);

    /// <inheritdoc/>
    internal override int Identity(int subscriber, int host) => (subscriber * hosts) + host;

    /// <inheritdoc/>
    internal override uint InsideAddress(int subscriber, int host) => _first + (uint)((subscriber * hosts) + host);

    /// <inheritdoc/>
    internal override int WrapInside(
        int subscriber, ReadOnlySpan<byte> tags, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> padding,
        Span<byte> frame)
    {
        int at = WriteInsideEthernet(tags, TypeIpv4, frame);
        packet.CopyTo(frame[at..]);
        padding.CopyTo(frame[(at + packet.Length)..]);
        return at + packet.Length + padding.Length;
    }

    /// <inheritdoc/>
    internal override string? OpenInside(
        ReadOnlySpan<byte> frame, ReadOnlySpan<byte> tags, out int subscriber, out ReadOnlySpan<byte> packet)
    {
        subscriber = -1;
        string? problem = OpenInsideEthernet(frame, tags, TypeIpv4, out packet) ?? WholeIpv4(packet);
        if (problem is null)
            subscriber = (int)(NetworkBytes.Read32(packet, 16) - _first) / hosts;
        return problem;
    }
}
