using System;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Memory.Arenas;

namespace Cgn.Forwarder.Live;

/// <summary>Keeps the status page: what this process says of itself to the control plane and to onlookers.</summary>
internal sealed class StatusWriter
{
    // More routes than can change between two signs of life.
    private const uint GenerationsAhead = 1 << 16;

    private readonly NativeArray<StatusPage> _page;

    /// <summary>Takes the page over, or makes it, with a new incarnation.</summary>
    /// <param name="section">The section <see cref="SectionNames.Forwarder"/>.</param>
    /// <param name="shape">What the sections beside it are made for.</param>
    public StatusWriter(ArenaSection section, StatusPage shape)
    {
        _page = new NativeArray<StatusPage>(section, 1);
        ref StatusPage page = ref _page[0];
        bool isThere = page.Magic == StatusPage.ExpectedMagic;
        FirstGeneration = isThere ? page.NextHopGeneration + GenerationsAhead : 1;
        uint incarnation = isThere ? page.Incarnation + 1 : 1;
        long nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        page = shape with
        {
            LayoutVersion = StatusPage.CurrentLayoutVersion,
            ProcessId = Environment.ProcessId,
            StartedUnixMs = nowMs,
            // Sections of another shape are gone by now, and a page with them: what is there goes on.
            CountersSinceUnixMs = page.CountersSinceUnixMs == 0 ? nowMs : page.CountersSinceUnixMs,
            State = ForwarderState.Starting,
            Incarnation = incarnation,
            NextHopGeneration = FirstGeneration,
            Magic = StatusPage.ExpectedMagic,
        };
    }

    /// <summary>The next-hop table's first generation: none that a record has.</summary>
    public uint FirstGeneration { get; }

    /// <summary>The page.</summary>
    public ref StatusPage Page => ref _page[0];

    /// <summary>
    /// Removes sections that an earlier process made in another shape: its sessions can't be carried over. Says what
    /// it removed and why.
    /// </summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="shape">What this process needs.</param>
    /// <returns>A sentence, or null when nothing was removed.</returns>
    public static string? DiscardOtherShape(StateDirectory directory, in StatusPage shape)
    {
        string? why = Difference(directory, shape);
        if (why is null)
            return null;
        foreach (string file in Directory.EnumerateFiles(directory.Path, "*.arena"))
            File.Delete(file);
        return $"{directory.Path}: starting with empty tables, because the state found there has {why}";
    }

    private static string? Difference(StateDirectory directory, in StatusPage shape)
    {
        if (!File.Exists(directory.StatusFile))
            return Directory.GetFiles(directory.Path, "*.arena").Length == 0 ? null : "no status page";
        if (new FileInfo(directory.StatusFile).Length < StatusPage.SizeBytes)
            return "a status page cut short";
        using NativeRegion region = NativeRegion.ReadOnlyFile(directory.StatusFile);
        StatusPage found = new NativeArray<StatusPage>(new ArenaSection(region.Address, region.Bytes, true), 1)[0];
        return found.Magic != StatusPage.ExpectedMagic ? "no valid status page"
            : found.LayoutVersion != StatusPage.CurrentLayoutVersion
                ? $"layout version {found.LayoutVersion} where this build has {StatusPage.CurrentLayoutVersion}"
            : found.ShardCount != shape.ShardCount
            ? $"{found.ShardCount} shards where {shape.ShardCount} are configured"
            : found.SubscribersPerShard != shape.SubscribersPerShard || found.MappingsPerShard != shape.MappingsPerShard
                || found.SessionsPerShard != shape.SessionsPerShard
                || found.EventRingCapacity != shape.EventRingCapacity
                ? "other capacities"
            : null;
    }
}
