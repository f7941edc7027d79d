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

/// <summary>The configuration in force, and changing it.</summary>
internal sealed class ConfigurationEndpoints(ControlSettings settings, ConfigurationDesk desk)
{
    /// <summary>The media type of a configuration as it is written.</summary>
    public const string Yaml = "application/yaml";

    /// <summary>What the parameter save says.</summary>
    public const string ToBeSaved = "true: writes it to the configuration file too; false when left out";

    private const string Json = "application/json";
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
        api.MapPost("/configuration/diff", (Delegate)DiffAsync)
            .Says(
                "How a configuration differs from the one in force, and whether the running gateway can take it; "
                + "changes nothing", ApiRole.Read, StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity)
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

    private async Task<DifferenceResource> DiffAsync(HttpContext context)
    {
        string text = await Body.ReadAsync(context, Body.ConfigurationMax, Json, Yaml).ConfigureAwait(false);
        bool isUsable = ConfigLoader.TryParse(
            "configuration", text, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        if (options is { Interfaces: null })
            NeedsInterfaces(options, faults);
        if (!isUsable || faults.HasErrors)
            throw ApiProblem.Unprocessable("the configuration holds mistakes, so it is compared with nothing", faults);
        return DifferenceResource.Of(
            desk.Snapshot.Generation,
            ConfigurationDifference.Between(desk.Options, desk.Snapshot, options!, snapshot!));
    }

    private async Task<ConfigurationResource> ApplyAsync(
        [FromQuery, Description(ToBeSaved)] string? save, HttpContext context)
    {
        bool isToBeSaved = IsToBeSaved(settings, save);
        string text = await Body.ReadAsync(context, Body.ConfigurationMax, Json, Yaml).ConfigureAwait(false);
        ApplyResult result = await desk.ApplyTextAsync(
            text, "API", context.RequestAborted, store: isToBeSaved).ConfigureAwait(false);
        return Answer(result);
    }

    /// <summary>Reads the parameter save.</summary>
    /// <exception cref="ApiProblem">It is no truth value, or there is no file.</exception>
    public static bool IsToBeSaved(ControlSettings settings, string? save) =>
        IsTrue("save", save) && (settings.ConfigFile is not null
            ? true
            : throw ApiProblem.Conflict("the configuration came from no file, so there is none to save it to"));

    /// <summary>What is answered to whoever had a configuration applied.</summary>
    /// <exception cref="ApiProblem">It was not applied.</exception>
    public static ConfigurationResource Answer(ApplyResult result)
    {
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
            Saved = result.IsStored,
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
