using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

/// <summary>A household: a B4's prefix (RFC 7785) or a customer's address.</summary>
internal sealed class ModelSubscriber
{
    public required SubscriberKind Kind { get; init; }

    /// <summary>The B4's address under the subscriber mask, or the customer's address.</summary>
    public required UInt128 Key { get; init; }

    public required int Shard { get; init; }

    public UInt128 B4 { get; set; }

    public int Aftr { get; set; }

    /// <summary>External address that all of its mappings have, 0 before the first.</summary>
    public uint Paired { get; set; }

    /// <summary>Its first packet has come; before, only the configuration knows it.</summary>
    public bool IsSeen { get; set; }

    public uint? B4ChangedAt { get; set; }

    public uint LastActive { get; set; }

    public long SetupFullAt { get; set; }

    public long BytesUp { get; set; }

    public long BytesDown { get; set; }

    /// <summary>Oldest first.</summary>
    public List<ModelBlock> Blocks { get; } = [];

    public List<ModelMapping> Mappings { get; } = [];

    public int SessionCount => Mappings.Sum(mapping => mapping.Sessions.Count);

    /// <summary>It can be reached: what only the configuration knows of a B4's prefix names no B4 yet.</summary>
    public bool IsPlaced(int mask) => IsSeen || Kind == SubscriberKind.Nat444 || mask == 128;
}
