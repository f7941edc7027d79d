using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Hosting.Configurations;

namespace Cgn.Control.Api.StaticMappings;

/// <summary>
/// Makes static mappings and takes them away while the gateway runs: one change at a time, whole or not at all.
/// </summary>
internal sealed class StaticMappingDesk(RuntimeMappings mappings, ConfigurationDesk desk) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Those of the configuration, then those made here, then those that RADIUS sessions hold.</summary>
    public IReadOnlyList<StaticMappingResource> All()
    {
        GatewayOptions options = desk.Options;
        IReadOnlyList<StaticMappingSection> made = mappings.Entries;
        IReadOnlyList<StaticMappingSection> held = mappings.Sessions.Entries;
        IReadOnlyList<string?> faults = RuntimeMappings.Faults(options, [.. made, .. held]);
        return
        [
            .. options.NatPolicy.StaticMappings.Select(static m => StaticMappingResource.Of(m, "configuration", null)),
            .. made.Select((m, i) => StaticMappingResource.Of(m, "api", faults[i])),
            .. held.Select((m, i) => StaticMappingResource.Of(m, "radius", faults[made.Count + i])),
        ];
    }

    /// <summary>Makes one.</summary>
    /// <param name="text">JSON: the keys of nat-policy.static-mappings.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="ApiProblem">It can't be made.</exception>
    public async Task<StaticMappingResource> AddAsync(string text, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            GatewayOptions options = desk.Options;
            StaticMappingSection wanted = Read(text, options);
            IReadOnlyList<StaticMappingSection> before = mappings.Entries;
            if (before.Count >= RuntimeMappings.Max)
                throw ApiProblem.Conflict($"there are {before.Count} static mappings already, as many as are kept");
            if (RuntimeMappings.Faults(options, [.. before, .. mappings.Sessions.Entries, wanted])[^1] is { } conflict)
                throw ApiProblem.Conflict(conflict);
            await ReplaceAsync(before, [.. before, wanted], cancellation).ConfigureAwait(false);
            return StaticMappingResource.Of(wanted, "api", null);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes one away.</summary>
    /// <exception cref="ApiProblem">There is none, or it was not made here.</exception>
    public async Task RemoveAsync(string protocol, string external, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            IReadOnlyList<StaticMappingSection> before = mappings.Entries;
            StaticMappingSection[] after = [.. before.Where(m => !IsNamed(m, protocol, external))];
            if (after.Length == before.Count)
            {
                throw IsAmong(desk.Options.NatPolicy.StaticMappings, protocol, external)
                    ? ApiProblem.Conflict(
                        $"the static mapping of {protocol} {external} is in the configuration; "
                        + "it goes when it goes there")
                    : IsAmong(mappings.Sessions.Entries, protocol, external)
                    ? ApiProblem.Conflict(
                        $"the static mapping of {protocol} {external} is a RADIUS session's; it goes with the session, "
                        + "or by a change of it")
                    : ApiProblem.NotFound($"no static mapping has the external endpoint {protocol} {external}");
            }

            await ReplaceAsync(before, after, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static bool IsAmong(IReadOnlyList<StaticMappingSection> all, string protocol, string external) =>
        all.Any(m => IsNamed(m, protocol, external));

    private static bool IsNamed(StaticMappingSection m, string protocol, string external) =>
        StaticMappingResource.Word(m.Protocol) == protocol && m.External.ToString() == external;

    private static StaticMappingSection Read(string text, GatewayOptions options)
    {
        var faults = new FaultList("");
        StaticMappingSection? wanted = SectionText.Read<StaticMappingSection>(
            text, "static-mapping", "an object with subscriber, protocol, internal and external", faults);
        if (wanted is not null && wanted.IsWhole && !faults.HasErrors)
        {
            StaticMappingChecks.RunOne(wanted, options, faults);
            if (!faults.HasErrors && DeterministicChecks.PlanOf(options) is { } plan)
                DeterministicChecks.Statics(plan, [wanted], faults);
        }

        return faults.HasErrors
            ? throw ApiProblem.Unprocessable(
                "the static mapping can't be made: " + string.Join("; ", faults.Errors.Select(static f => f.Message)),
                faults)
            : wanted!;
    }

    private async Task ReplaceAsync(
        IReadOnlyList<StaticMappingSection> before, IReadOnlyList<StaticMappingSection> after,
        CancellationToken cancellation)
    {
        try
        {
            mappings.Replace(after);
            IReadOnlyList<string> obstacles = await desk.RefreshAsync(cancellation).ConfigureAwait(false);
            if (obstacles.Count == 0)
                return;
            mappings.Replace(before);
            throw ApiProblem.Unavailable("the forwarder did not take it: " + string.Join("; ", obstacles));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ApiProblem.Unavailable($"api.static-mappings-file can't be written: {error.Message}");
        }
    }
}
