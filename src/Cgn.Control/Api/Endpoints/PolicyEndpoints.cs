using System;
using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Policies;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.Model;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>What single subscribers may, said by the operator at run time.</summary>
internal sealed class PolicyEndpoints(SubscriberDesk desk)
{
    private const string Who = "Prefix or address of one subscriber; the slash of a prefix is written %2F";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/subscribers/{subscriber}/policy", (Delegate)GrantAsync).Says(
                "Grants a subscriber that has state a policy in place of what it has: plan, and what differs from it. "
                + "Its sessions go on, the forwarder follows within moments. It holds over restarts and changes of the "
                + "configuration for as long as the subscriber has state, and where RADIUS authorizes, until its next "
                + "answer or change", ApiRole.Write, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status422UnprocessableEntity)
            .Accepts<JsonObject>("application/json");
        api.MapDelete("/subscribers/{subscriber}/policy", TakeAway).Says(
            "Takes away what was granted: the subscriber has the default plan and its sessions go on; where RADIUS "
            + "authorizes, or there is no default plan, all that it has ends and its next packet begins anew",
            ApiRole.Write, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("/subscribers/{subscriber}/disconnect", Disconnect).Says(
            "Ends a subscriber's sessions, mappings and port blocks and forgets it with what was granted to it; its "
            + "next packet begins anew. The forwarder follows within moments", ApiRole.Write,
            StatusCodes.Status404NotFound);
    }

    private async Task<Accepted<PolicyResource>> GrantAsync(
        [FromRoute, Description(Who)] string subscriber, HttpContext context)
    {
        string text = await Body.ReadAsync(context, Body.SmallMax, "application/json").ConfigureAwait(false);
        return TypedResults.Accepted(
            (string?)null, desk.Grant(RecordEndpoints.Path(subscriber), text, context.RequestAborted));
    }

    private Accepted TakeAway(
        [FromRoute, Description(Who)] string subscriber, CancellationToken cancellation)
    {
        desk.TakeAway(RecordEndpoints.Path(subscriber), cancellation);
        return TypedResults.Accepted((string?)null);
    }

    private Accepted Disconnect(
        [FromRoute, Description(Who)] string subscriber, CancellationToken cancellation)
    {
        desk.Disconnect(RecordEndpoints.Path(subscriber), cancellation);
        return TypedResults.Accepted((string?)null);
    }
}
