using System;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

using Cgn.Control.Api.Endpoints;
using Cgn.Control.Api.Events;
using Cgn.Control.Api.Policies;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Security;
using Cgn.Control.Api.StaticMappings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Policy;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Cgn.Control.Api;

/// <summary>What the management interface is made of, and the list of its endpoints.</summary>
internal sealed class ApiEndpoints(
    ControlSettings settings, GatewayAttachment attachment, ConfigurationDesk desk, RuntimeMappings mappings,
    EventStream events, ForwarderStatistics statistics, PolicyDesk policies, ApiStatistics counts, OperatorLog log)
    : IDisposable
{
    /// <summary>Where the description lies.</summary>
    public const string DocumentPath = "/openapi.json";

    /// <summary>What all paths begin with.</summary>
    public const string Prefix = "/api/v1";

    private readonly StaticMappingDesk _mappings = new(mappings, desk);
    private readonly FailureGate _gate = new(TimeProvider.System);
    private readonly RefusalLimits _refusals = new(TimeProvider.System);

    /// <summary>How values are written: names with dashes, nothing left out (RFC 7951's names, RFC 8259).</summary>
    public static JsonSerializerOptions Json { get; } = Set(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Adds the services that endpoints need.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="hasTokens">Whoever asks needs a token, which the description says.</param>
    public static void Configure(IServiceCollection services, bool hasTokens)
    {
        services.AddRouting();
        services.Configure<JsonOptions>(static options => Set(options.SerializerOptions));
        services.AddOpenApi(options =>
        {
            Describe(options);
            if (hasTokens)
                TokenDescription.Add(options);
        });
    }

    private static void Describe(OpenApiOptions options) =>
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Cgn",
                Version = "v1",
                Description = "The management interface of the gateway. Names are those of RFC 8512, RFC 8513 and "
                    + "RFC 7659 where these have one; errors are problems (RFC 9457).",
            };
            document.Servers = [];
            return System.Threading.Tasks.Task.CompletedTask;
        });

    /// <summary>Maps the endpoints, behind the guard.</summary>
    /// <exception cref="SystemRefusedException">The token file or the audit log is unusable.</exception>
    public void Map(WebApplication server)
    {
        ApiSection api = settings.Options.Api!;
        TokenFile? tokens = api.TokenFile is { } path ? new TokenFile(path, log) : null;
        var audit = new AuditLog(api.AuditLog ?? Path.Combine(settings.Directory.Path, "audit.jsonl"));
        var authenticator = new Authenticator(api, tokens, _gate);
        var guard = new RequestGuard(api, authenticator, _gate, audit, _refusals, counts, log);
        server.UseRouting();
        server.Use(guard.InvokeAsync);
        server.MapOpenApi(DocumentPath);
        RouteGroupBuilder v1 = server.MapGroup(Prefix);
        var walk = new RecordWalk(attachment);
        var records = new RecordEndpoints(walk);
        new HealthEndpoints(settings, attachment, statistics, _gate).Map(v1);
        new InstanceEndpoints(walk, desk).Map(v1);
        records.Map(v1);
        new ClearEndpoints(records, walk, settings.Directory).Map(v1);
        new PolicyEndpoints(new SubscriberDesk(walk, policies, desk)).Map(v1);
        new StaticMappingEndpoints(_mappings).Map(v1);
        new ConfigurationEndpoints(settings, desk).Map(v1);
        new HistoryEndpoints(settings, desk).Map(v1);
        new EventEndpoints(events, desk, counts, Json).Map(v1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _refusals.Dispose();
        _mappings.Dispose();
    }

    private static JsonSerializerOptions Set(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
