using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Cgn.Control.Api.Problems;

/// <summary>Ends a request with an error answer.</summary>
internal sealed class ApiProblem : Exception
{
    private ApiProblem(int status, string detail, IReadOnlyList<ProblemFault>? errors = null)
        : base(detail)
    {
        Status = status;
        Errors = errors;
    }

    public int Status { get; }

    public IReadOnlyList<ProblemFault>? Errors { get; }

    /// <summary>Seconds after which another attempt makes sense; 0 for none.</summary>
    public int RetryAfter { get; private init; }

    /// <summary>The request itself is wrong.</summary>
    public static ApiProblem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    /// <summary>Nobody knows who asks.</summary>
    public static ApiProblem Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, detail);

    /// <summary>Who asks may not.</summary>
    public static ApiProblem Forbidden(string detail) => new(StatusCodes.Status403Forbidden, detail);

    /// <summary>There is no such thing.</summary>
    public static ApiProblem NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    /// <summary>It contradicts what there is.</summary>
    public static ApiProblem Conflict(string detail, IEnumerable<string>? reasons = null) => new(
        StatusCodes.Status409Conflict, detail, reasons?.Select(static text => new ProblemFault(0, 0, text)).ToArray());

    /// <summary>What was sent is of another kind than is read here.</summary>
    public static ApiProblem Unsupported(string detail) => new(StatusCodes.Status415UnsupportedMediaType, detail);

    /// <summary>The request is for another server.</summary>
    public static ApiProblem Misdirected(string detail) => new(StatusCodes.Status421MisdirectedRequest, detail);

    /// <summary>What was sent holds mistakes.</summary>
    public static ApiProblem Unprocessable(string detail, FaultList faults) => new(
        StatusCodes.Status422UnprocessableEntity, detail,
        [.. faults.Errors.Select(static f => new ProblemFault(f.Place.Line, f.Place.Column, f.Message))]);

    /// <summary>Too many attempts.</summary>
    public static ApiProblem TooMany(string detail, int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, detail) { RetryAfter = retryAfter };

    /// <summary>Not now.</summary>
    public static ApiProblem Unavailable(string detail) => new(StatusCodes.Status503ServiceUnavailable, detail);

    /// <summary>What was sent is larger than is read here.</summary>
    public static ApiProblem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, detail);

    /// <summary>There is something, but not for this method.</summary>
    public static ApiProblem NotAllowed(string detail) => new(StatusCodes.Status405MethodNotAllowed, detail);

    /// <summary>Something went wrong that nobody expected; the operator's log says what.</summary>
    public static ApiProblem Defect() => new(
        StatusCodes.Status500InternalServerError, "a defect of the gateway; its standard error says what happened");

    /// <summary>There is no forwarder.</summary>
    public static ApiProblem NoForwarder() =>
        Unavailable("the forwarder is not ready; its state can be read once it is");

    public Problem Answer(string path) => Make(Status, Message, path, Errors);

    public static Problem Make(int status, string detail, string path, IReadOnlyList<ProblemFault>? errors = null) =>
        new()
        {
            Status = status,
            Title = ReasonPhrases.GetReasonPhrase(status),
            Detail = detail,
            Instance = path,
            Errors = errors,
        };
}
