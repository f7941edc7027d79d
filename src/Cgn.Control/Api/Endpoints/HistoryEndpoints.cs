using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>The configurations that were in force, and going back to one.</summary>
internal sealed class HistoryEndpoints(ControlSettings settings, ConfigurationDesk desk)
{
    private const string WhichEntry = "Number in the history";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/configuration/history", List).Says(
            "The configurations that were in force, the oldest first", ApiRole.Read);
        api.MapGet("/configuration/history/{number}", Text).Says(
                "One of them, as it was written", ApiRole.Read, StatusCodes.Status404NotFound)
            .Produces<string>(contentType: ConfigurationEndpoints.Yaml);
        api.MapPost("/configuration/rollback/{number}", RollbackAsync).Says(
            "Applies a configuration of the history, whole or not at all, as PUT /configuration does with its text",
            ApiRole.Write, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status422UnprocessableEntity);
    }

    private Page<HistoryResource> List()
    {
        IReadOnlyList<HistoryEntry> entries = Entries();
        HistoryEntry? inForce = ConfigHistory.InForce(entries, desk.Text);
        return new Page<HistoryResource>(
            [.. entries.Select(entry => HistoryResource.Of(entry, inForce))], null);
    }

    private ContentHttpResult Text([FromRoute, Description(WhichEntry)] string number) =>
        TypedResults.Text(TextOf(Find(number)), ConfigurationEndpoints.Yaml);

    private async Task<ConfigurationResource> RollbackAsync(
        [FromRoute, Description(WhichEntry)] string number,
        [FromQuery, Description(ConfigurationEndpoints.ToBeSaved)] string? save, CancellationToken cancellation)
    {
        bool isToBeSaved = ConfigurationEndpoints.IsToBeSaved(settings, save);
        HistoryEntry entry = Find(number);
        ApplyResult result = await desk.ApplyTextAsync(
            TextOf(entry), $"rollback to {entry.Number} by API", cancellation, store: isToBeSaved)
            .ConfigureAwait(false);
        return ConfigurationEndpoints.Answer(result);
    }

    private HistoryEntry Find(string number) =>
        (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted)
            ? Entries().FirstOrDefault(entry => entry.Number == wanted)
            : throw ApiProblem.BadRequest($"'{number}' is no number of the history; 1 or more would be right"))
        ?? throw ApiProblem.NotFound(
            $"there is no {number} in the history; {ApiEndpoints.Prefix}/configuration/history lists what there is");

    private string TextOf(HistoryEntry entry) =>
        Read(() => desk.History.TextOf(entry))
        ?? throw ApiProblem.NotFound($"{entry.Number} of the history is damaged: it is not what was kept");

    private IReadOnlyList<HistoryEntry> Entries() => Read(desk.History.Entries);

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ApiProblem.Unavailable($"the history in {desk.History.Directory} can't be read: {error.Message}");
        }
    }
}
