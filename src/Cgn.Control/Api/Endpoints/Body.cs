using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Security;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cgn.Control.Api.Endpoints;

/// <summary>Reads what was sent with a request.</summary>
internal static class Body
{
    /// <summary>Bytes of a small object.</summary>
    public const int SmallMax = 64 * 1024;

    /// <summary>Bytes of a configuration.</summary>
    public const int ConfigurationMax = 16 * 1024 * 1024;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads text of one of some media types.</summary>
    /// <exception cref="ApiProblem">It is of another type, too large, or not UTF-8.</exception>
    public static async Task<string> ReadAsync(HttpContext context, int most, params string[] types)
    {
        // A form of a strange page can't have these types, so a browser does not send it here unasked.
        string type = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        if (Array.FindIndex(types, t => t.Equals(type, StringComparison.OrdinalIgnoreCase)) < 0)
        {
            throw ApiProblem.Unsupported(
                $"content of type '{type}' is not read here; {string.Join(" or ", types)} would be right");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = most;
        if (context.Request.ContentLength > most)
            throw ApiProblem.TooLarge($"{context.Request.ContentLength} bytes are too many; {most} are read at most");
        try
        {
            using var reader = new StreamReader(
                context.Request.Body, s_strict, detectEncodingFromByteOrderMarks: false);
            string text = await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false);
            context.Features.Set(most == ConfigurationMax ? AuditedContent.HashOf(text) : AuditedContent.Of(text));
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw ApiProblem.BadRequest("what was sent is not UTF-8");
        }
    }
}
