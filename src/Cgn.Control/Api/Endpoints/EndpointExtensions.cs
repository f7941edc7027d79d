using System.Collections.Generic;
using System.Linq;
using System.Reflection;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Security;
using Cgn.Control.Configuration.Model;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>What every endpoint says of itself: a summary, who may ask, its parameters, its errors.</summary>
internal static class EndpointExtensions
{
    /// <summary>Describes an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="role">Who may ask.</param>
    /// <param name="problems">Statuses of its errors beside 400, 401 and 503.</param>
    public static RouteHandlerBuilder Says(
        this RouteHandlerBuilder endpoint, string summary, ApiRole role, params int[] problems)
    {
        int[] usual =
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable,
        ];
        IEnumerable<int> all = usual.Concat(problems);
        if (role == ApiRole.Write)
            all = all.Append(StatusCodes.Status403Forbidden);
        foreach (int status in all.Distinct().Order())
            endpoint.Produces<Problem>(status, ProblemWriter.MediaType);
        endpoint.WithSummary(summary);
        endpoint.Finally(builder => builder.Metadata.Add(new EndpointRules(role, [.. QueryOf(builder)])));
        return endpoint;
    }

    /// <summary>Anybody may ask, without a token.</summary>
    public static RouteHandlerBuilder IsOpen(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new OpenToAll());

    // The handler's own parameters say which there are.
    private static IEnumerable<string> QueryOf(EndpointBuilder builder) =>
        from parameter in builder.Metadata.OfType<MethodInfo>().SelectMany(static method => method.GetParameters())
        let query = parameter.GetCustomAttribute<FromQueryAttribute>()
        where query is not null
        select ((IFromQueryMetadata)query).Name ?? parameter.Name;
}
