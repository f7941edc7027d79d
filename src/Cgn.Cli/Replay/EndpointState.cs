using System;

namespace Cgn.Cli.Replay;

/// <summary>The mapping of one subscriber's internal endpoint, as learnt from what came out.</summary>
internal struct EndpointState
{
    /// <summary>Until this time, in nanoseconds, the mapping surely lives: one of its sessions does.</summary>
    internal long SureNs;

    /// <summary>After this time it surely doesn't.</summary>
    internal long MaybeNs;

    /// <summary>External address; 0 before the first packet.</summary>
    internal uint External;

    /// <summary>External port or identifier.</summary>
    internal ushort ExternalPort;

    /// <summary>A session of this mapping has changed.</summary>
    internal void Follow(in FlowState flow, bool shortened)
    {
        SureNs = shortened ? Math.Min(SureNs, flow.SureNs) : Math.Max(SureNs, flow.SureNs);
        MaybeNs = Math.Max(MaybeNs, flow.MaybeNs);
    }

    /// <summary>The mapping surely lives.</summary>
    internal readonly bool IsSure(long nowNs) => nowNs <= SureNs && External != 0;

    /// <summary>The mapping surely doesn't live.</summary>
    internal readonly bool IsGone(long nowNs) => nowNs > MaybeNs || External == 0;
}
