using System;

using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Api.Security;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.State;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>How the gateway is, for whoever watches it; without a token.</summary>
internal sealed class HealthEndpoints(
    ControlSettings settings, GatewayAttachment attachment, ForwarderStatistics statistics, FailureGate gate)
{
    public void Map(IEndpointRouteBuilder api) => api.MapGet("/health", Health)
        .Says("Whether the gateway forwards: 200, else 503", ApiRole.Read)
        .Produces<HealthResource>().Produces<HealthResource>(StatusCodes.Status503ServiceUnavailable)
        .IsOpen();

    private JsonHttpResult<HealthResource> Health()
    {
        HealthResource? health = attachment.Read(Of);
        bool isReady = statistics.IsReady && health is not null;
        return TypedResults.Json(
            (health ?? Without()) with { Status = isReady ? "ready" : "no-forwarder" },
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private HealthResource Without() => new()
    {
        Status = "",
        Name = settings.Snapshot.Name,
        Restarts = statistics.Restarts,
        RefusedAttempts = gate.Total,
    };

    private HealthResource Of(StateView view) => Without() with
    {
        Generation = view.Status.Generation,
        Started = ReadMoment.Text(DateTimeOffset.FromUnixTimeMilliseconds(view.Status.StartedUnixMs)),
        HeartbeatAgeSeconds = Math.Round(Math.Max(0, (Monotonic.NowNs - view.Status.HeartbeatNs) / 1e9), 3),
    };
}
