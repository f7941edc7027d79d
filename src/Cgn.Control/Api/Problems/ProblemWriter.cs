using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Tasks;

using Microsoft.AspNetCore.Http;

namespace Cgn.Control.Api.Problems;

/// <summary>Answers with a problem (RFC 9457).</summary>
internal static class ProblemWriter
{
    /// <summary>The media type of problems.</summary>
    public const string MediaType = "application/problem+json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter != 0)
            context.Response.Headers.RetryAfter = problem.RetryAfter.ToString();
        return context.Response.WriteAsJsonAsync(problem.Answer(context.Request.Path), s_json, MediaType);
    }
}
