namespace Cgn.Control.Radius;

/// <summary>Everything that RADIUS counts. Metrics and documentation have these names.</summary>
public enum RadiusCounter
{
    /// <summary>Requests sent, each once however often it was sent again.</summary>
    RequestsSent,

    /// <summary>Requests sent again.</summary>
    Retransmissions,

    /// <summary>Replies that were taken.</summary>
    Replies,

    /// <summary>Replies that are no packet at all.</summary>
    RepliesMalformed,

    /// <summary>Replies to no request that is waiting, most often late ones.</summary>
    RepliesStray,

    /// <summary>Replies with a wrong authenticator: another secret, or forged.</summary>
    RepliesForged,

    /// <summary>Replies without the Message-Authenticator that is required.</summary>
    RepliesUnsigned,

    /// <summary>Replies of a code that does not answer the request.</summary>
    RepliesOfWrongCode,

    /// <summary>Requests that a server did not answer in all the time it was given.</summary>
    Timeouts,

    /// <summary>Requests that went on to another server.</summary>
    Failovers,

    /// <summary>Servers declared dead.</summary>
    ServersLost,

    /// <summary>Servers that came back.</summary>
    ServersFound,

    /// <summary>Status-Server probes sent.</summary>
    Probes,

    /// <summary>Requests that could not be sent since too many were waiting.</summary>
    OutstandingFull,

    /// <summary>Requests that found every server dead.</summary>
    NoServer,

    /// <summary>Access-Accepts followed.</summary>
    Accepts,

    /// <summary>Access-Rejects, and challenges, which nobody here can meet.</summary>
    Rejects,

    /// <summary>Access-Accepts that ask for what can't be given; they count as refusals.</summary>
    AcceptsUnusable,

    /// <summary>Subscribers served by an earlier answer since no server answered.</summary>
    ServedFromCache,

    /// <summary>Subscribers with the default plan since no server answered.</summary>
    ServedByDefault,

    /// <summary>Subscribers refused since no server answered.</summary>
    RefusedUnanswered,

    /// <summary>First packets dropped since too many subscribers waited.</summary>
    ContactsDropped,

    /// <summary>First packets of a subscriber that was asked for already, or within its back-off.</summary>
    ContactsRepeated,

    /// <summary>Accounting records made.</summary>
    RecordsMade,

    /// <summary>Accounting records that a server has acknowledged.</summary>
    RecordsDelivered,

    /// <summary>Interim records that a newer one took the place of before they were sent.</summary>
    RecordsSuperseded,

    /// <summary>Accounting records given up since the queue was full.</summary>
    RecordsLost,

    /// <summary>Records found in the queue's file at start.</summary>
    RecordsRecovered,

    /// <summary>Requests of dynamic authorization that came in.</summary>
    DynamicRequests,

    /// <summary>Those with a form or code that is none.</summary>
    DynamicMalformed,

    /// <summary>Those from addresses that may not send.</summary>
    DynamicUnknownSender,

    /// <summary>Those with a wrong or missing authenticator.</summary>
    DynamicForged,

    /// <summary>Those with an Event-Timestamp outside the window, or without one that is required.</summary>
    DynamicStale,

    /// <summary>Those sent again and answered as before.</summary>
    DynamicRepeated,

    /// <summary>Those seen before from another port: a replay, not answered.</summary>
    DynamicReplayed,

    /// <summary>Those not looked at since too many were remembered.</summary>
    DynamicFull,

    /// <summary>Changes made.</summary>
    CoaAcknowledged,

    /// <summary>Changes refused.</summary>
    CoaRefused,

    /// <summary>Sessions ended on request.</summary>
    DisconnectsAcknowledged,

    /// <summary>Requests to end sessions refused.</summary>
    DisconnectsRefused,

    /// <summary>Accounting records of other gateways that were learnt from.</summary>
    RecordsLearnt,

    /// <summary>Those that were not: forged, malformed, or about nobody here.</summary>
    RecordsNotLearnt,

    /// <summary>Sessions begun.</summary>
    SessionsBegun,

    /// <summary>Sessions ended.</summary>
    SessionsEnded,
}
