using System;

using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

/// <summary>A packet on its way through the model.</summary>
internal sealed record Parcel
{
    public required Datagram Packet { get; init; }

    public required byte Side { get; init; }

    public SubscriberKind Kind { get; init; }

    public UInt128 Key { get; init; }

    public UInt128 B4 { get; init; }

    public int Aftr { get; init; }

    public byte OuterTos { get; init; }

    /// <summary>Turned back inside: what follows is its way in.</summary>
    public bool IsHairpinned { get; init; }

    /// <summary>Ports of its datagram's first fragment, for later fragments.</summary>
    public (ushort Source, ushort Destination)? Ports { get; init; }

    /// <summary>The identification that it was given on its way out, where it was given one.</summary>
    public Unknown? Identification { get; init; }

    /// <summary>The same of the packet that an error of our own quotes.</summary>
    public Unknown? QuotedIdentification { get; init; }

    /// <summary>The Ethernet header that it came with.</summary>
    public byte[] Link { get; init; } = [];
}
