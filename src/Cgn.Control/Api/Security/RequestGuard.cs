using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Problems;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.State;

using Microsoft.AspNetCore.Http;

namespace Cgn.Control.Api.Security;

/// <summary>
/// Stands before every endpoint: no requests that a stranger's web page makes a browser send, nobody who does not say
/// who he is, no change that is not recorded; and every error leaves as a problem.
/// </summary>
internal sealed class RequestGuard(
    ApiSection api, Authenticator authenticator, FailureGate gate, AuditLog audit, RefusalLimits limits,
    ApiStatistics counts, OperatorLog log)
{
    private static readonly string[] s_localHosts = ["localhost", "127.0.0.1", "[::1]"];
    private readonly bool _isLocal = ApiChecks.IsLoopback(api.Listen.Host);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        bool isAnswered = false;
        try
        {
            await AnswerAsync(context, next).ConfigureAwait(false);
            isAnswered = !context.RequestAborted.IsCancellationRequested || context.Response.HasStarted;
        }
        finally
        {
            counts.Count(context.Request.Method, isAnswered ? context.Response.StatusCode : 0);
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        Caller? caller = null;
        ApiProblem? problem = null;
        EndpointRules? rules = context.GetEndpoint()?.Metadata.GetMetadata<EndpointRules>();
        CancellationToken gone = context.RequestAborted;
        bool isChange = rules?.Role == ApiRole.Write
            || (rules is null && !HttpMethods.IsGet(context.Request.Method));
        try
        {
            RefuseStrangers(context.Request);
            if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null)
            {
                caller = authenticator.Identify(context);
                if (isChange && caller.Role != ApiRole.Write)
                    throw authenticator.Refuse(caller);
            }

            rules?.CheckQuery(context.Request.Query);
            if (isChange)
            {
                // Before it is made: whoever is killed in the middle of it has left a line.
                if (rules is not null && !audit.Write(Line(context, caller, isChange, AuditLine.Begun)))
                    throw ApiProblem.Unavailable("api.audit-log can't be written, and no change is made unrecorded");
                // It is brought to its end and recorded, whether or not its client waits for it.
                context.RequestAborted = CancellationToken.None;
            }

            await next(context).ConfigureAwait(false);
        }
        catch (ApiProblem refusal)
        {
            problem = refusal;
        }
        catch (BadHttpRequestException error)
        {
            problem = error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ApiProblem.TooLarge(error.Message)
                : ApiProblem.BadRequest(error.Message);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException
            && gone.IsCancellationRequested)
        {
            problem = ApiProblem.Unavailable("the client had gone before it was answered");
        }
        catch (Exception error) when (error is not OperationCanceledException && !context.Response.HasStarted)
        {
            string what = error.ToString().ReplaceLineEndings(" ");
            log.Warn($"api: {context.Request.Method} {context.Request.Path}: {what}");
            problem = ApiProblem.Defect();
        }

        problem ??= Unanswered(context);
        Record(context, caller, problem, isChange);
        if (problem is not null && !context.Response.HasStarted && !gone.IsCancellationRequested)
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
    }

    // A page of another site, opened on the operator's machine, may send requests here: by its own name for this
    // machine, or across sites. A browser says so in these headers, and no other client sends them.
    private void RefuseStrangers(HttpRequest request)
    {
        string host = request.Host.Host;
        if (_isLocal && !s_localHosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            throw ApiProblem.Misdirected(
                $"the header Host names '{host}', and this is {api.Listen}; {string.Join(", ", s_localHosts)} would be "
                + "right");
        }

        string site = request.Headers["Sec-Fetch-Site"].ToString();
        string origin = request.Headers.Origin.ToString();
        bool isForeign = site is "cross-site" or "same-site"
            || (origin.Length != 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                || !from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)));
        if (isForeign)
            throw ApiProblem.Forbidden("the request comes from a page of another site; those are not answered");
    }

    private static ApiProblem? Unanswered(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.StatusCode < StatusCodes.Status400BadRequest)
            return null;
        string path = context.Request.Path;
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiProblem.NotFound(
                $"there is nothing at {path}; /openapi.json says what there is"),
            StatusCodes.Status405MethodNotAllowed => ApiProblem.NotAllowed(
                $"{path} can't be asked for by {context.Request.Method}; {context.Response.Headers.Allow} would be "
                + "right"),
            StatusCodes.Status415UnsupportedMediaType => ApiProblem.Unsupported(
                $"content of type '{context.Request.ContentType}' is not read here; application/json would be right"),
            StatusCodes.Status400BadRequest => ApiProblem.BadRequest("the request can't be read"),
            _ => null,
        };
    }

    private void Record(HttpContext context, Caller? caller, ApiProblem? problem, bool isChange)
    {
        bool isRefused = problem?.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            or StatusCodes.Status421MisdirectedRequest;
        // Attempts at a closed gate are counted only: whoever goes on for ever must not fill the disk.
        if ((!isChange && !isRefused) || problem?.Status == StatusCodes.Status429TooManyRequests)
            return;
        AuditLine line = Line(context, caller, isChange, problem?.Message ?? "done") with
        {
            Content = context.Features.Get<AuditedContent>()?.Text,
            Status = problem?.Status ?? context.Response.StatusCode,
        };
        if (isRefused)
            limits.Of(context.Request, caller, problem!).Write(Write);
        else
            Write(0);
        // The attempt that closed it: those that follow never get here.
        if (problem?.Status == StatusCodes.Status401Unauthorized && context.Request.Headers.Authorization.Count != 0
            && gate.IsClosed(context.Connection.RemoteIpAddress ?? IPAddress.None, out int seconds))
        {
            limits.Waiting.Write(leftOut => log.Warn(
                $"api: too many attempts of {line.From} with a wrong token; it has to wait {seconds} s"
                + (leftOut == 0 ? "" : $" (and {CountText.Of(leftOut, "other")})")));
        }

        void Write(long leftOut)
        {
            if (!audit.Write(line with { LeftOut = leftOut == 0 ? null : leftOut }))
                log.Warn($"api.audit-log can't be written: {line.Who} from {line.From}: {line.What}: {line.Status}");
        }
    }

    private static AuditLine Line(HttpContext context, Caller? caller, bool isChange, string result) => new()
    {
        Who = caller?.Name ?? Caller.Nobody,
        Role = caller is null ? "none" : caller.Role.ToString().ToLowerInvariant(),
        From = context.Connection.RemoteIpAddress?.ToString() ?? Caller.Nobody,
        Request = isChange ? context.TraceIdentifier : null,
        What = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}",
        Result = result,
    };
}
