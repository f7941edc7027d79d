using System;
using System.Collections.Generic;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Sessions;

/// <summary>A subscriber that is served. Its fields are changed under the lock of <see cref="SessionTable"/>.</summary>
/// <param name="id">Acct-Session-Id: no session before or after has it.</param>
/// <param name="who">The subscriber.</param>
/// <param name="started">When it began.</param>
/// <param name="meter">What it has used.</param>
internal sealed class RadiusSession(string id, SubscriberIdentity who, DateTimeOffset started, UsageMeter meter)
{
    /// <summary>Acct-Session-Id.</summary>
    public string Id => id;

    /// <summary>The subscriber.</summary>
    public SubscriberIdentity Who => who;

    /// <summary>When it began.</summary>
    public DateTimeOffset Started => started;

    /// <summary>What it has used.</summary>
    public UsageMeter Meter => meter;

    /// <summary>What the server said, with all changes since.</summary>
    public IReadOnlyList<RadiusAttribute> Attributes { get; set; } = [];

    /// <summary>The same as a policy.</summary>
    public SubscriberPolicy Policy { get; set; } = new();

    /// <summary>A server has authenticated it; else it is served since none answered.</summary>
    public bool IsAuthenticated { get; set; } = true;

    /// <summary>The forwarder was told its policy; else it has the configuration's, and is recorded only.</summary>
    public bool IsSteered { get; set; } = true;

    /// <summary>When its time is over, or is asked for anew; the greatest of all times for never.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>When the next interim record is due.</summary>
    public DateTimeOffset InterimAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>When it may have been idle for too long.</summary>
    public DateTimeOffset IdleAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>When there is something to do for it.</summary>
    public DateTimeOffset DueAt
    {
        get
        {
            DateTimeOffset first = ExpiresAt < InterimAt ? ExpiresAt : InterimAt;
            return first < IdleAt ? first : IdleAt;
        }
    }

    /// <summary>The server is being asked anew.</summary>
    public bool IsAsking { get; set; }

    /// <summary>The subscriber's name in accounting.</summary>
    public string UserName => Policy.UserName ?? who.Name;
}
