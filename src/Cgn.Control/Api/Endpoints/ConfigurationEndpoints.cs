using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>The configuration in force, and changing it. Its history and going back belong here too.</summary>
internal sealed class ConfigurationEndpoints(ControlSettings settings, ConfigurationDesk desk)
{
    private const string Json = "application/json";
    private const string Yaml = "application/yaml";
    private const string WithDefaults = "true: keys that are left to their defaults too; false when left out";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/configuration", Read).Says("The configuration in force", ApiRole.Read);
        api.MapGet("/configuration.yaml", ReadYaml)
            .Says("The configuration in force, as YAML that can be sent back", ApiRole.Read)
            .Produces<string>(contentType: Yaml);
        api.MapPost("/configuration/check", (Delegate)CheckAsync)
            .Says(
                "Validates a configuration completely, as cgn check does, and changes nothing", ApiRole.Read,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType)
            .Accepts<JsonObject>(Json, Yaml);
        api.MapPut("/configuration", ApplyAsync)
            .Says(
                "Applies a configuration, whole or not at all. It holds until the next one or a restart; save=true "
                + "writes it to the configuration file too", ApiRole.Write, StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status422UnprocessableEntity)
            .Accepts<JsonObject>(Json, Yaml);
    }

    private ConfigurationResource Read([FromQuery, Description(WithDefaults)] string? defaults) => new()
    {
        Generation = desk.Snapshot.Generation,
        Configuration = ConfigTree.Of(desk.Options, IsTrue("defaults", defaults)),
    };

    private ContentHttpResult ReadYaml([FromQuery, Description(WithDefaults)] string? defaults) => TypedResults.Text(
        ConfigTree.ToYaml(ConfigTree.Of(desk.Options, IsTrue("defaults", defaults))), Yaml);

    private async Task<ConfigurationResource> CheckAsync(HttpContext context)
    {
        string text = await Body.ReadAsync(context, Body.ConfigurationMax, Json, Yaml).ConfigureAwait(false);
        ConfigLoader.TryParse("configuration", text, out _, out GatewayOptions? options, out FaultList faults);
        if (options is { Interfaces: null })
            NeedsInterfaces(options, faults);
        return new ConfigurationResource
        {
            Generation = desk.Snapshot.Generation,
            Valid = !faults.HasErrors,
            Errors = Rows(faults.Errors),
            Warnings = Rows(faults.Warnings),
        };
    }

    private async Task<ConfigurationResource> ApplyAsync(
        [FromQuery, Description("true: writes it to the configuration file too; false when left out")] string? save,
        HttpContext context)
    {
        bool isToBeSaved = IsTrue("save", save);
        string text = await Body.ReadAsync(context, Body.ConfigurationMax, Json, Yaml).ConfigureAwait(false);
        if (isToBeSaved && settings.ConfigFile is null)
            throw ApiProblem.Conflict("the configuration came from no file, so there is none to save it to");
        ApplyResult result = await desk.ApplyTextAsync(
            text, "API", context.RequestAborted, store: isToBeSaved).ConfigureAwait(false);
        if (result.Faults.HasErrors)
            throw ApiProblem.Unprocessable("the configuration holds mistakes; the one in force stays", result.Faults);
        if (result.Obstacles.Count != 0)
        {
            throw ApiProblem.Conflict(
                "the configuration is not applied; the one in force stays: " + string.Join("; ", result.Obstacles),
                result.Obstacles);
        }

        return new ConfigurationResource
        {
            Generation = result.Generation,
            Saved = isToBeSaved,
            Warnings = Rows(result.Faults.Warnings),
            Notes = [.. result.Notes],
        };
    }

    private static void NeedsInterfaces(GatewayOptions options, FaultList faults) => faults.Error(
        options.Place, "there is no section interfaces; a gateway that runs needs the inside and outside devices");

    private static bool IsTrue(string name, string? text) =>
        Query.OneOf(name, text, "true", "false") == "true";

    private static ProblemFault[] Rows(IEnumerable<Fault> faults) =>
        [.. faults.Select(static f => new ProblemFault(f.Place.Line, f.Place.Column, f.Message))];
}
