using System;
using System.Collections.Generic;

namespace Cgn.Control.Radius.Client;

/// <summary>Servers for one purpose, and how they are talked to.</summary>
internal sealed record RadiusClientSettings
{
    /// <summary>The servers, the preferred one first.</summary>
    public required IReadOnlyList<RadiusServerSettings> Servers { get; init; }

    /// <summary>How long a reply is waited for.</summary>
    public RetransmitSettings Retransmit { get; init; } = new();

    /// <summary>Transmissions without an answer after which the next server is asked, where there is one.</summary>
    public int FailoverAfter { get; init; } = 2;

    /// <summary>Requests that may wait for replies at a time, all servers together.</summary>
    public int OutstandingMax { get; init; } = 1024;

    /// <summary>Time between two probes of a dead server.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after which a dead server is tried with a request, whether or not it knows probes.</summary>
    public TimeSpan RetryDeadAfter { get; init; } = TimeSpan.FromSeconds(60);
}
