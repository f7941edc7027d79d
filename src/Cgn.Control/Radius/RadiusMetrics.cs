using Cgn.Control.Hosting.Metrics;

using Prometheus;

namespace Cgn.Control.Radius;

/// <summary>The families of RADIUS.</summary>
internal static class RadiusMetrics
{
    private static readonly (string Family, string Help, string Label, (RadiusCounter Of, string Value)[] Series)[]
        s_counters =
    [
        ("requests", "Requests to RADIUS servers: sent, sent again, unanswered, or not sent at all.", "outcome",
        [
            (RadiusCounter.RequestsSent, "sent"), (RadiusCounter.Retransmissions, "retransmitted"),
            (RadiusCounter.Timeouts, "timeout"), (RadiusCounter.Failovers, "failover"),
            (RadiusCounter.OutstandingFull, "too_many_outstanding"), (RadiusCounter.NoServer, "no_server"),
            (RadiusCounter.Probes, "probe"),
        ]),
        ("replies", "Replies of RADIUS servers: taken, or discarded and why.", "outcome",
        [
            (RadiusCounter.Replies, "taken"), (RadiusCounter.RepliesMalformed, "malformed"),
            (RadiusCounter.RepliesStray, "stray"), (RadiusCounter.RepliesForged, "wrong_authenticator"),
            (RadiusCounter.RepliesUnsigned, "unsigned"), (RadiusCounter.RepliesOfWrongCode, "wrong_code"),
        ]),
        ("server_changes", "RADIUS servers declared dead, and come back.", "change",
        [
            (RadiusCounter.ServersLost, "lost"), (RadiusCounter.ServersFound, "found"),
        ]),
        ("answers", "What became of subscribers' authorizations.", "answer",
        [
            (RadiusCounter.Accepts, "accepted"), (RadiusCounter.Rejects, "rejected"),
            (RadiusCounter.AcceptsUnusable, "accept_unusable"), (RadiusCounter.ServedFromCache, "from_cache"),
            (RadiusCounter.ServedByDefault, "by_default"), (RadiusCounter.RefusedUnanswered, "refused_unanswered"),
        ]),
        ("contacts_ignored", "First packets of subscribers that were not asked for.", "cause",
        [
            (RadiusCounter.ContactsRepeated, "repeated"), (RadiusCounter.ContactsDropped, "queue_full"),
        ]),
        ("accounting_records", "Accounting records: made, delivered, or not.", "outcome",
        [
            (RadiusCounter.RecordsMade, "made"), (RadiusCounter.RecordsDelivered, "delivered"),
            (RadiusCounter.RecordsSuperseded, "superseded"), (RadiusCounter.RecordsLost, "lost"),
            (RadiusCounter.RecordsRecovered, "recovered"),
        ]),
        ("dynamic_requests", "Requests of dynamic authorization that came in.", "outcome",
        [
            (RadiusCounter.DynamicRequests, "received"), (RadiusCounter.DynamicMalformed, "malformed"),
            (RadiusCounter.DynamicUnknownSender, "unknown_sender"),
            (RadiusCounter.DynamicForged, "wrong_authenticator"), (RadiusCounter.DynamicStale, "stale"),
            (RadiusCounter.DynamicRepeated, "repeated"), (RadiusCounter.DynamicReplayed, "replayed"),
            (RadiusCounter.DynamicFull, "too_many"), (RadiusCounter.CoaAcknowledged, "coa_ack"),
            (RadiusCounter.CoaRefused, "coa_nak"), (RadiusCounter.DisconnectsAcknowledged, "disconnect_ack"),
            (RadiusCounter.DisconnectsRefused, "disconnect_nak"),
        ]),
        ("learning_records", "Accounting records of other gateways.", "outcome",
        [
            (RadiusCounter.RecordsLearnt, "learnt"), (RadiusCounter.RecordsNotLearnt, "not_learnt"),
        ]),
        ("sessions_changed", "RADIUS sessions begun and ended.", "change",
        [
            (RadiusCounter.SessionsBegun, "begun"), (RadiusCounter.SessionsEnded, "ended"),
        ]),
    ];

    /// <summary>Makes the families.</summary>
    public static MetricFamilies<RadiusGateway> Create(MetricFactory factory)
    {
        var families = new MetricFamilies<RadiusGateway>(factory);
        foreach ((string family, string help, string label, (RadiusCounter Of, string Value)[] series) in s_counters)
        {
            families.Counter($"cgn_radius_{family}_total", help, label);
            foreach ((RadiusCounter of, string value) in series)
                families.Series(gateway => gateway.Statistics[of], value);
        }

        families.Gauge("cgn_radius_sessions", "RADIUS sessions now.").Series(static g => g.Sessions.Count);
        families.Gauge("cgn_radius_subscribers_waiting", "Subscribers that wait for an answer.")
            .Series(static g => g.SubscribersWaiting);
        families.Gauge("cgn_radius_requests_outstanding", "Requests on their way to authentication servers.")
            .Series(static g => g.Outstanding);
        families.Gauge("cgn_radius_accounting_records_waiting", "Accounting records not acknowledged yet.")
            .Series(static g => g.RecordsWaiting);
        families.Gauge("cgn_radius_servers_alive", "Servers that are not known to be dead, by purpose.", "purpose")
            .Series(static g => g.AuthenticationServersAlive, "authentication")
            .Series(static g => g.AccountingServersAlive, "accounting");
        return families;
    }
}
