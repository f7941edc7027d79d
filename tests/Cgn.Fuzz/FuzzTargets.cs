using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Fuzz.Targets;
using Cgn.Wire.Tests;
using Cgn.Wire.Tests.Fuzz;

namespace Cgn.Fuzz;

/// <summary>Every target there is. What parses bytes from outside belongs here.</summary>
public static class FuzzTargets
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new[]
    {
        new FuzzTarget("wire", Frames(), 20_000, () => input => WireFuzzTarget.Walk(input)),
        new FuzzTarget("gateway", GatewayTarget.Seeds(Frames()), 300_000, () => new GatewayTarget().Fuzz),
        new FuzzTarget("config", Configurations(), 1_500, () => ConfigTarget.Fuzz),
        new FuzzTarget("snapshot", [SnapshotFile.Encode(new ConfigSnapshot())], 20_000, () => SnapshotTarget.Fuzz),
    }.ToDictionary(target => target.Name);

    private static byte[][] Frames() => [.. Golden.Frames().Select(golden => golden.Frame)];

    private static byte[][] Configurations()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Cgn.sln")))
            at = at.Parent;
        if (at is null)
            throw new InvalidOperationException("The seeds lie in configs; there is no checkout above this program.");
        string configs = Path.Combine(at.FullName, "configs");
        return [.. Directory.EnumerateFiles(configs, "*.yaml").Order().Select(File.ReadAllBytes)];
    }
}
