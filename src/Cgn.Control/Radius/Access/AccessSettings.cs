using System;

namespace Cgn.Control.Radius.Access;

/// <summary>How subscribers are asked for, and what happens when nobody answers.</summary>
internal sealed record AccessSettings
{
    /// <summary>User-Password of every request, for servers that want one (RFC 2865 §4.1); null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Subscribers that may wait to be asked for.</summary>
    public int QueueMax { get; init; } = 65536;

    /// <summary>Subscribers that are asked for at a time.</summary>
    public int Concurrency { get; init; } = 512;

    /// <summary>How long an Access-Accept serves again when no server answers.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Subscribers that are remembered.</summary>
    public int CacheMax { get; init; } = 262_144;

    /// <summary>Whoever nothing is remembered of gets the default plan when no server answers; else is refused.
    /// </summary>
    public bool ServesUnanswered { get; init; }

    /// <summary>After how long a subscriber is asked for again when no server answered; doubles each time.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest such time.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long a rejected subscriber is not asked for again, however many packets it sends.</summary>
    public TimeSpan RejectTime { get; init; } = TimeSpan.FromSeconds(60);
}
