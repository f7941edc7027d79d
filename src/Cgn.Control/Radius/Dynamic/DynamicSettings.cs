using System;
using System.Collections.Generic;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>Whose changes and disconnections are carried out.</summary>
internal sealed record DynamicSettings
{
    /// <summary>Who may send; everybody else is not answered.</summary>
    public required IReadOnlyList<DynamicClient> Clients { get; init; }

    /// <summary>How far an Event-Timestamp may lie from now (RFC 5176 §6.3). Requests are remembered for twice as long:
    /// until no timestamp that was right is right still.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Requests without an Event-Timestamp are discarded.</summary>
    public bool RequireTimestamp { get; init; }

    /// <summary>Requests without a Message-Authenticator are discarded.</summary>
    public bool RequireMessageAuthenticator { get; init; }

    /// <summary>Requests that are remembered; beyond, new ones are discarded.</summary>
    public int RememberedMax { get; init; } = 16384;
}
