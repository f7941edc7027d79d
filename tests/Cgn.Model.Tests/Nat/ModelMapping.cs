using System.Collections.Generic;

using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

/// <summary>An internal endpoint's external one (RFC 4787 section 4).</summary>
internal sealed class ModelMapping
{
    public required ModelSubscriber Subscriber { get; init; }

    public required byte Protocol { get; init; }

    public required Endpoint Internal { get; init; }

    public required Endpoint External { get; init; }

    /// <summary>Whom it is for, as far as mappings are not endpoint-independent; else nobody's endpoint.</summary>
    public Endpoint Purpose { get; set; }

    public MappingState State { get; set; } = MappingState.Dynamic;

    public uint HeldUntil { get; set; }

    public ModelBlock? Block { get; init; }

    public List<ModelSession> Sessions { get; } = [];
}
