using System;

using Cgn.Cli.Captures;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Replay;

/// <summary>
/// The maximum segment size that a SYN may announce through the gateway (RFC 8513 mss-clamping): lowered, never
/// raised or added.
/// </summary>
internal sealed class MssRule
{
    private const int SoftwireBytes = 40;
    private const int TcpIpBytes = 40;

    private readonly int _ceiling;

    /// <summary>Reads the rule from settings.</summary>
    internal MssRule(GatewaySettings settings, AccessKind access)
    {
        int inside = access == AccessKind.DsLite ? settings.TunnelMtu - SoftwireBytes : settings.InsideMtu;
        _ceiling = settings.MssClamp switch
        {
            0 => int.MaxValue,
            > 0 => settings.MssClamp,
            _ => Math.Min(inside, settings.OutsideMtu) - TcpIpBytes,
        };
    }

    /// <summary>Does to a SYN what the gateway must; other packets stay as they are.</summary>
    /// <param name="form">The whole packet from its IPv4 header.</param>
    /// <param name="facts">What it says about itself.</param>
    internal void Apply(Span<byte> form, PacketFacts facts)
    {
        if (facts.Kind != PacketKind.Tcp || (facts.Flags & Wire.TcpFlags.Syn) == 0)
            return;
        Span<byte> segment = form[facts.HeaderLength..];
        int end = Math.Min((segment[12] >> 4) * 4, segment.Length);
        for (int at = 20; at < end && segment[at] != 0;)
        {
            if (segment[at] == 1)
            {
                at++;
                continue;
            }

            int length = at + 1 < end ? segment[at + 1] : 0;
            if (length < 2 || at + length > end)
                return;
            if (segment[at] == 2 && length == 4 && NetworkBytes.Read16(segment, at + 2) > _ceiling)
                Lower(form, facts.HeaderLength, at + 2);
            at += length;
        }
    }

    private void Lower(Span<byte> form, int headerLength, int at)
    {
        Span<byte> segment = form[headerLength..];
        uint aside = OnesSum.Addresses(form);
        uint wanted = OnesSum.Add(aside, OnesSum.Of(segment));
        NetworkBytes.Write16(segment, at, (ushort)_ceiling);
        OnesSum.Settle(segment, PacketForms.ChecksumOffset(6), aside, wanted);
    }
}
