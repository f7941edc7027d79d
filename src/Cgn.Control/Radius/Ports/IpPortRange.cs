using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

using Cgn.Control.Radius.Packets;
using Cgn.Wire;

namespace Cgn.Control.Radius.Ports;

/// <summary>External ports that were given to a subscriber, or taken back (RFC 8045 §3.1.2).</summary>
/// <param name="IsAllocated">Given; else taken back.</param>
/// <param name="First">First port; null, with <paramref name="Last"/>, for all ranges that are taken back.</param>
/// <param name="Last">Last port.</param>
/// <param name="External">External address.</param>
/// <param name="LocalId">Who among hosts with the same internal addresses: of DS-Lite the B4's address.</param>
public sealed record IpPortRange(
    bool IsAllocated, ushort? First, ushort? Last, Ipv4Address? External = null, string? LocalId = null)
{
    private const uint Allocation = 1;
    private const uint Deallocation = 2;

    /// <summary>The attribute's value.</summary>
    /// <exception cref="InvalidOperationException">Ports are given without their range.</exception>
    public byte[] Encode()
    {
        if (!IsRight)
            throw new InvalidOperationException($"{First} to {Last} is no range of ports that could be reported");
        List<byte> value = [];
        PortTlvSet.Add(value, PortTlv.Alloc, IsAllocated ? Allocation : Deallocation);
        if (First is { } first && Last is { } last)
        {
            PortTlvSet.Add(value, PortTlv.RangeStart, first);
            PortTlvSet.Add(value, PortTlv.RangeEnd, last);
        }

        if (External is { } external)
            PortTlvSet.Add(value, PortTlv.ExternalIpv4, external.Value);
        if (!string.IsNullOrEmpty(LocalId))
            PortTlvSet.Add(value, PortTlv.LocalId, LocalId);
        return [.. value];
    }

    /// <summary>Reads an attribute.</summary>
    /// <param name="attribute">One of type <see cref="AttributeType.IpPortRange"/>.</param>
    /// <param name="range">What it says, or null.</param>
    /// <returns>False when it says neither or both, has half a range, or ports given without one.</returns>
    public static bool TryDecode(RadiusAttribute attribute, [NotNullWhen(true)] out IpPortRange? range)
    {
        range = null;
        if (PortTlvSet.Read(attribute.Value.Span) is not { } parts
            || parts.Number(PortTlv.Alloc) is not (Allocation or Deallocation)
            || !parts.TryPort(PortTlv.RangeStart, out ushort? first)
            || !parts.TryPort(PortTlv.RangeEnd, out ushort? last))
        {
            return false;
        }

        IpPortRange read = new(
            parts.Number(PortTlv.Alloc) == Allocation, first, last, parts.Ipv4(PortTlv.ExternalIpv4), parts.LocalId());
        range = read.IsRight ? read : null;
        return read.IsRight;
    }

    private bool IsRight => First is null ? Last is null && !IsAllocated : Last >= First;
}
