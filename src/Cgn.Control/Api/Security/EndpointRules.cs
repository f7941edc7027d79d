using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Api.Problems;
using Cgn.Control.Configuration.Model;

using Microsoft.AspNetCore.Http;

namespace Cgn.Control.Api.Security;

/// <summary>What holds for an endpoint; it is among its metadata.</summary>
/// <param name="Role">Who may ask.</param>
/// <param name="Query">The query parameters that it knows.</param>
internal sealed record EndpointRules(ApiRole Role, params IReadOnlyList<string> Query)
{
    /// <summary>A parameter that is not known must not be passed over: it may be a filter with a slip in it.</summary>
    public void CheckQuery(IQueryCollection query)
    {
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            if (!Query.Contains(name, StringComparer.Ordinal))
            {
                throw ApiProblem.BadRequest($"'{name}' is no parameter of this; " + (Query.Count == 0
                    ? "it has none"
                    : $"{string.Join(", ", Query)} would be"));
            }

            if (values.Count > 1)
                throw ApiProblem.BadRequest($"the parameter {name} is given {values.Count} times; once would be right");
        }
    }
}
