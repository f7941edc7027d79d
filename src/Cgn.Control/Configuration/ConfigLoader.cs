using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Configuration;

/// <summary>
/// The way of a configuration: YAML, model, checks, snapshot. Every mistake is reported, not only the first.
/// </summary>
public static class ConfigLoader
{
    private const long FileBytesMax = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, as the operator named it; messages name it so.</param>
    /// <param name="snapshot">What the forwarder follows.</param>
    /// <param name="options">The file as written.</param>
    /// <param name="faults">Errors, and warnings in either case.</param>
    /// <returns>False when there are errors.</returns>
    public static bool TryLoad(
        string path,
        [NotNullWhen(true)] out ConfigSnapshot? snapshot,
        [NotNullWhen(true)] out GatewayOptions? options,
        out FaultList faults)
    {
        snapshot = null;
        options = null;
        return TryRead(path, out string? text, out faults)
            && TryParse(path, text, out snapshot, out options, out faults);
    }

    /// <summary>Reads a file's text alone.</summary>
    /// <param name="path">The file, as the operator named it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="faults">Why it can't be read.</param>
    /// <returns>False when it can't be read.</returns>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? text, out FaultList faults)
    {
        text = null;
        faults = new FaultList(path);
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > FileBytesMax })
            {
                faults.Error(default, $"is larger than {FileBytesMax >> 20} MiB: not a configuration");
                return false;
            }

            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Error(default, $"can't be read: {error.Message.TrimEnd('.')}; a readable YAML file would be right");
            return false;
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="file">Name for messages.</param>
    /// <param name="yaml">The configuration.</param>
    /// <param name="snapshot">What the forwarder follows.</param>
    /// <param name="options">The configuration as written.</param>
    /// <param name="faults">Errors, and warnings in either case.</param>
    /// <returns>False when there are errors.</returns>
    public static bool TryParse(
        string file,
        string yaml,
        [NotNullWhen(true)] out ConfigSnapshot? snapshot,
        [NotNullWhen(true)] out GatewayOptions? options,
        out FaultList faults)
    {
        snapshot = null;
        options = null;
        faults = new FaultList(file);
        using var text = new StringReader(yaml);
        // What comes by the API may be either, and looks like this then.
        string not = yaml.AsSpan().TrimStart() is ['{', ..] ? "neither JSON nor YAML" : "not YAML";
        if (YamlReader.Read(text, faults, not) is not { } root)
            return false;
        var read = (GatewayOptions)new SectionReader(faults).Read(typeof(GatewayOptions), root, "");
        ConfigChecks.Run(read, faults);
        if (faults.HasErrors)
            return false;
        options = read;
        snapshot = SnapshotCompiler.Compile(read, Environment.ProcessorCount);
        return true;
    }
}
