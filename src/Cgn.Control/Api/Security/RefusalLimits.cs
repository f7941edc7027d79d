using System;
using System.Collections.Generic;

using Cgn.Control.Api.Problems;

using Microsoft.AspNetCore.Http;

namespace Cgn.Control.Api.Security;

/// <summary>A limit of lines for each reason why requests are refused, so that one hides no other.</summary>
/// <param name="time">The clock.</param>
internal sealed class RefusalLimits(TimeProvider time) : IDisposable
{
    private readonly LineLimit _withoutToken = new(time);
    private readonly LineLimit _wrongToken = new(time);
    private readonly LineLimit _role = new(time);
    private readonly LineLimit _foreign = new(time);
    private readonly LineLimit _misdirected = new(time);

    /// <summary>Lines about addresses that have to wait.</summary>
    public LineLimit Waiting { get; } = new(time);

    /// <summary>The limit of a refusal.</summary>
    /// <param name="request">What was refused.</param>
    /// <param name="caller">Who asked; null where that is not known.</param>
    /// <param name="problem">Why.</param>
    public LineLimit Of(HttpRequest request, Caller? caller, ApiProblem problem) => problem.Status switch
    {
        StatusCodes.Status401Unauthorized => request.Headers.Authorization.Count == 0 ? _withoutToken : _wrongToken,
        StatusCodes.Status403Forbidden => caller is null ? _foreign : _role,
        _ => _misdirected,
    };

    /// <summary>Writes what waits.</summary>
    public void Dispose()
    {
        foreach (LineLimit limit in (IEnumerable<LineLimit>)
            [_withoutToken, _wrongToken, _role, _foreign, _misdirected, Waiting])
            limit.Dispose();
    }
}
