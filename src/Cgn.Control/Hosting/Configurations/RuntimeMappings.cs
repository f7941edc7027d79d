using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Static mappings made at run time, beside those of the configuration; they go into every snapshot. Those that the API
/// has made are kept in a file, and what does not fit the configuration any more stays there and out of force; those
/// that sessions hold live as long as these.
/// </summary>
internal sealed class RuntimeMappings
{
    /// <summary>Mappings that are kept at most.</summary>
    public const int Max = 65_536;

    private const int FileBytesMax = 64 << 20;
    private const string Empty = "the file is empty; {\"static-mappings\": []} would be right";
    private readonly string? _path;
    private volatile StaticMappingSection[] _entries;

    /// <summary>Reads the file; without one there are none.</summary>
    /// <param name="path">The file; null where there is no API that would make any.</param>
    /// <exception cref="SystemRefusedException">It can't be read, or holds what is no mapping.</exception>
    public RuntimeMappings(string? path)
    {
        _path = path is null ? null : Path.GetFullPath(path);
        _entries = _path is null ? [] : Load(_path);
        Sessions = new SessionMappings(() => _entries);
    }

    /// <summary>Those that the API has made, in this order.</summary>
    public IReadOnlyList<StaticMappingSection> Entries => _entries;

    /// <summary>Those that sessions hold.</summary>
    public SessionMappings Sessions { get; }

    /// <summary>Those of a configuration, read from where it keeps them.</summary>
    /// <exception cref="SystemRefusedException">The file can't be read.</exception>
    public static RuntimeMappings Of(ControlSettings settings) => new(settings.Options.Api is { } api
        ? api.StaticMappingsFile ?? Path.Combine(settings.Directory.Path, "static-mappings.json")
        : null);

    /// <summary>Adds to a snapshot those that fit.</summary>
    /// <param name="options">The configuration that it was made of.</param>
    /// <param name="compiled">The snapshot.</param>
    public ConfigSnapshot Into(GatewayOptions options, ConfigSnapshot compiled)
    {
        StaticMappingSection[] entries = [.. _entries, .. Sessions.Entries];
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

    /// <summary>How many do not fit a configuration, and are out of force under it.</summary>
    public int Unfit(GatewayOptions options) =>
        Faults(options, [.. _entries, .. Sessions.Entries]).Count(static fault => fault is not null);

    /// <summary>Why each is not in force; null where it is.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="entries">
    /// The API's in the order in which they were made, then those of sessions: of two that contradict, the first holds.
    /// </param>
    public static IReadOnlyList<string?> Faults(GatewayOptions options, IReadOnlyList<StaticMappingSection> entries)
    {
        if (entries.Count == 0)
            return [];
        MappingFit fit = new(options);
        return [.. entries.Select(fit.Claim)];
    }

    /// <summary>Puts others in their place, in the file and here.</summary>
    /// <exception cref="IOException">The file can't be written; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Replace(IReadOnlyList<StaticMappingSection> entries)
    {
        if (_path is null)
            throw new InvalidOperationException("there is no API, and so no file");
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
