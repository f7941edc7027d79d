using System;

namespace Cgn.Control.Radius.Client;

/// <summary>How long a reply is waited for, and how often a request is sent again (RFC 5080 §2.2.1).</summary>
internal sealed record RetransmitSettings
{
    /// <summary>IRT: until the first repetition.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>MRT: between two repetitions at most.</summary>
    public TimeSpan Maximum { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>MRD: in all.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>MRC: transmissions in all.</summary>
    public int Count { get; init; } = 5;
}
