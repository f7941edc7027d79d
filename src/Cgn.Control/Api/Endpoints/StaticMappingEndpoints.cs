using System;
using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Api.StaticMappings;
using Cgn.Control.Configuration.Model;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>Static mappings at run time.</summary>
internal sealed class StaticMappingEndpoints(StaticMappingDesk desk)
{
    private const string Path = "/api/v1/static-mappings";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/static-mappings", List).Says(
            "Static mappings: those of the configuration, those made at run time, and those of RADIUS sessions",
            ApiRole.Read);
        api.MapPost("/static-mappings", (Delegate)AddAsync).Says(
                "Makes a static mapping of subscriber, protocol, internal and external; it outlives restarts and "
                + "changes of the configuration", ApiRole.Write, StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status422UnprocessableEntity)
            .Accepts<JsonObject>("application/json");
        api.MapDelete("/static-mappings/{protocol}/{external}", RemoveAsync).Says(
            "Takes away a static mapping that was made at run time", ApiRole.Write, StatusCodes.Status404NotFound,
            StatusCodes.Status409Conflict);
    }

    private Page<StaticMappingResource> List() => new(desk.All(), null);

    private async Task<Created<StaticMappingResource>> AddAsync(HttpContext context)
    {
        string text = await Body.ReadAsync(context, Body.SmallMax, "application/json").ConfigureAwait(false);
        StaticMappingResource made = await desk.AddAsync(text, context.RequestAborted).ConfigureAwait(false);
        return TypedResults.Created($"{Path}/{made.Protocol}/{made.External}", made);
    }

    private async Task<NoContent> RemoveAsync(
        [FromRoute, Description("tcp, udp or icmp")] string protocol,
        [FromRoute, Description("External address and port, such as 203.0.113.5:443")] string external,
        CancellationToken cancellation)
    {
        if (protocol is not ("tcp" or "udp" or "icmp"))
            throw ApiProblem.BadRequest($"'{protocol}' has no static mappings; tcp, udp and icmp may have");
        await desk.RemoveAsync(protocol, external, cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }
}
