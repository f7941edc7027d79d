using Cgn.Control.Hosting.Metrics;

using Prometheus;

namespace Cgn.Control.Api;

/// <summary>The families of the management interface.</summary>
internal static class ApiMetrics
{
    /// <summary>Makes the families.</summary>
    public static MetricFamilies<ApiStatistics> Create(MetricFactory factory)
    {
        var families = new MetricFamilies<ApiStatistics>(factory);
        families.Counter(
            "cgn_api_requests_total",
            "Requests to the management interface that were dealt with, by method and class of the answer's status; "
            + "none was given up before an answer.", "method", "status");
        for (int method = 0; method < ApiStatistics.Methods.Length; method++)
        {
            for (int status = 0; status < ApiStatistics.Statuses.Length; status++)
            {
                (int row, int column) = (method, status);
                families.Series(
                    api => api.Requests(row, column), ApiStatistics.Methods[row], ApiStatistics.Statuses[column]);
            }
        }

        families.Counter(
            "cgn_api_events_missed_total",
            "Events that clients of the management interface were too slow for, summed over the clients.")
            .Series(static api => api.EventsMissed);
        families.Gauge("cgn_api_event_followers", "Clients that follow the stream of events.")
            .Series(static api => api.Followers);
        return families;
    }
}
