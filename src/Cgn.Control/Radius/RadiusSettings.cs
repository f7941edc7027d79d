using System;
using System.Collections.Generic;
using System.Net;

using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius;

/// <summary>Everything that <see cref="RadiusGateway"/> is told; a part that is null is not done.</summary>
internal sealed record RadiusSettings
{
    /// <summary>Who we are to servers.</summary>
    public required NasIdentity Nas { get; init; }

    /// <summary>There is a plan of a name; asked anew each time, since configurations change.</summary>
    public required Func<string, bool> KnowsPlan { get; init; }

    /// <summary>File that counts starts, or null: session names are drawn by chance then.</summary>
    public string? StartsFile { get; init; }

    /// <summary>File that sessions are kept in over a kill, or null.</summary>
    public string? SessionsFile { get; init; }

    /// <summary>Servers that are asked for subscribers.</summary>
    public RadiusClientSettings? Authentication { get; init; }

    /// <summary>How they are asked for.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>Servers that are told of sessions.</summary>
    public RadiusClientSettings? AccountingServers { get; init; }

    /// <summary>How they are told.</summary>
    public AccountingSettings Accounting { get; init; } = new();

    /// <summary>How sessions are kept.</summary>
    public SessionSettings Sessions { get; init; } = new();

    /// <summary>Where changes and disconnections come in.</summary>
    public IPEndPoint? DynamicListen { get; init; }

    /// <summary>Whose they may be.</summary>
    public DynamicSettings Dynamic { get; init; } = new() { Clients = [] };

    /// <summary>Where other gateways' accounting comes in.</summary>
    public IPEndPoint? LearningListen { get; init; }

    /// <summary>Whose that may be.</summary>
    public IReadOnlyList<DynamicClient> LearningClients { get; init; } = [];

    /// <summary>Bits of a B4's address that name a DS-Lite subscriber.</summary>
    public int MaskBits { get; init; } = 128;

    /// <summary>Subscribers that may be learnt.</summary>
    public int LearntMax { get; init; } = 65536;
}
