using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

using Cgn.Contract.Pools;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Static mappings made at run time, beside those of the configuration. They are kept in a file, and go into every
/// snapshot; what does not fit the configuration any more stays in the file and out of force.
/// </summary>
internal sealed class RuntimeMappings
{
    /// <summary>Mappings that are kept at most.</summary>
    public const int Max = 65_536;

    private const int FileBytesMax = 64 << 20;
    private const string Empty = "the file is empty; {\"static-mappings\": []} would be right";
    private readonly string _path;
    private volatile StaticMappingSection[] _entries;

    /// <summary>Reads the file; without one there are none.</summary>
    /// <exception cref="SystemRefusedException">It can't be read, or holds what is no mapping.</exception>
    public RuntimeMappings(string path)
    {
        _path = Path.GetFullPath(path);
        _entries = Load(_path);
    }

    /// <summary>All of them, in the order in which they were made.</summary>
    public IReadOnlyList<StaticMappingSection> Entries => _entries;

    /// <summary>Where a configuration keeps them; null where it has no API.</summary>
    /// <exception cref="SystemRefusedException">The file can't be read.</exception>
    public static RuntimeMappings? Of(ControlSettings settings) => settings.Options.Api is { } api
        ? new RuntimeMappings(
            api.StaticMappingsFile ?? Path.Combine(settings.Directory.Path, "static-mappings.json"))
        : null;

    /// <summary>Adds to a snapshot those that fit.</summary>
    /// <param name="options">The configuration that it was made of.</param>
    /// <param name="compiled">The snapshot.</param>
    public ConfigSnapshot Into(GatewayOptions options, ConfigSnapshot compiled)
    {
        StaticMappingSection[] entries = _entries;
        if (entries.Length == 0)
            return compiled;
        IReadOnlyList<string?> faults = Faults(options, entries);
        return compiled with
        {
            StaticMappings =
            [
                .. compiled.StaticMappings,
                .. entries.Where((_, i) => faults[i] is null)
                    .Select(entry => SnapshotCompiler.Mapping(options, entry)),
            ],
        };
    }

    /// <summary>Why each is not in force; null where it is.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="entries">In the order in which they were made: of two that contradict, the first holds.</param>
    public static IReadOnlyList<string?> Faults(GatewayOptions options, IReadOnlyList<StaticMappingSection> entries)
    {
        var taken = new MappingConflicts(options);
        PortPlan? plan = DeterministicChecks.PlanOf(options);
        return [.. entries.Select(entry =>
        {
            var faults = new FaultList("");
            StaticMappingChecks.RunOne(entry, options, faults);
            if (plan is not null && !faults.HasErrors)
                DeterministicChecks.Statics(plan, [entry], faults);
            return faults.Errors.FirstOrDefault()?.Message ?? taken.Claim(options, entry);
        })];
    }

    /// <summary>Puts others in their place, in the file and here.</summary>
    /// <exception cref="IOException">The file can't be written; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Replace(IReadOnlyList<StaticMappingSection> entries)
    {
        var list = new JsonArray([.. entries.Select(static entry => (JsonNode)ConfigTree.Of(entry))]);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        AtomicFile.Write(_path, new JsonObject { ["static-mappings"] = list }.ToJsonString() + "\n");
        _entries = [.. entries];
    }

    private static StaticMappingSection[] Load(string path)
    {
        try
        {
            if (!File.Exists(path))
                return [];
            if (new FileInfo(path).Length > FileBytesMax)
                throw new SystemRefusedException($"api.static-mappings-file {path} is too large to be one");
            var faults = new FaultList(path);
            using var text = new StringReader(File.ReadAllText(path));
            var section = YamlReader.Read(text, faults, "not JSON", Empty) is { } root
                ? (RuntimeMappingsSection)new SectionReader(faults).Read(typeof(RuntimeMappingsSection), root, "")
                : null;
            if (section is null || faults.HasErrors)
                throw new SystemRefusedException($"api.static-mappings-file {faults.Errors.First()}");
            return [.. section.StaticMappings];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"api.static-mappings-file {path} can't be read: {error.Message}", error);
        }
    }
}
