using System;
using System.IO;
using System.Runtime.CompilerServices;

using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;
using Cgn.Nat;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Makes what an earlier process left fit this one's capacities, before it is attached to. State that can't be made to
/// fit is never thrown away: it is refused, and stays for the program or the configuration that it fits.
/// </summary>
public static class StateShape
{
    private const string Discard = "; 'cgn run --discard-state' starts with empty tables and loses the sessions";
    private const int PageBytes = 4096;

    /// <summary>Refuses state of another kind than this process works on.</summary>
    /// <param name="directory">The state directory; one without state will do.</param>
    /// <param name="shape">What this process needs.</param>
    /// <exception cref="InvalidDataException">The message says what is different, and how to go on.</exception>
    public static void Check(StateDirectory directory, in StatusPage shape)
    {
        if (IsThere(directory) && Difference(directory, shape) is { } difference)
            throw new InvalidDataException($"{directory.Path}: the state found there has {difference}{Discard}");
    }

    /// <summary>
    /// Extends the sections of tables that have become larger, and cuts those that have become smaller where the
    /// records fit. Indexes are made anew then. Killed meanwhile, it goes on at the next start.
    /// </summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="shape">What this process needs.</param>
    /// <param name="capacity">The same, with the tables that follow from it.</param>
    /// <returns>A sentence on what was changed, or null.</returns>
    /// <exception cref="InvalidDataException">
    /// It can't be made to fit; the message says why, and how to go on.
    /// </exception>
    public static string? Fit(StateDirectory directory, in StatusPage shape, in ShardCapacity capacity)
    {
        if (!IsThere(directory))
            return null;
        // First all that can be refused, then what changes.
        CheckFit(directory, shape, capacity);
        bool isChanged = false;
        for (int shard = 0; shard < shape.ShardCount; shard++)
            isChanged |= FitShard(directory, shard, capacity, isCheck: false);
        return isChanged ? $"{directory.Path}: the tables were made to fit gateway.capacity; their records stay" : null;
    }

    /// <summary>Refuses state that can't be made to fit, and changes nothing: another process may work on it.</summary>
    /// <param name="directory">The state directory; one without state will do.</param>
    /// <param name="shape">What a process would need.</param>
    /// <param name="capacity">The same, with the tables that follow from it.</param>
    /// <exception cref="InvalidDataException">The message says why, and how to go on.</exception>
    public static void CheckFit(StateDirectory directory, in StatusPage shape, in ShardCapacity capacity)
    {
        if (!IsThere(directory))
            return;
        Check(directory, shape);
        for (int shard = 0; shard < shape.ShardCount; shard++)
            FitShard(directory, shard, capacity, isCheck: true);
    }

    private static bool IsThere(StateDirectory directory) =>
        Directory.GetFiles(directory.Path, "shard-*.arena").Length != 0;

    private static bool FitShard(StateDirectory directory, int shard, in ShardCapacity capacity, bool isCheck)
    {
        bool sessions = FitSlab<SessionRecord>(
            directory, ShardSections.Sessions(shard), "sessions", capacity.Sessions, isCheck);
        bool mappings = FitSlab<MappingRecord>(
            directory, ShardSections.Mappings(shard), "mappings", capacity.Mappings, isCheck);
        bool subscribers = FitSlab<SubscriberRecord>(
            directory, ShardSections.Subscribers(shard), "subscribers", capacity.Subscribers, isCheck);
        bool others = FitSlab<BlockRecord>(
                directory, ShardSections.Blocks(shard), "subscribers (port blocks)", capacity.Blocks, isCheck)
            | FitSlab<ExplicitRecord>(
                directory, ShardSections.Explicit(shard), "mappings (explicit ones)", capacity.Explicit, isCheck)
            | FitSlab<GatewayRecord>(
                directory, ShardSections.Gateways(shard), "sessions (read by gateways)",
                NatShard.GatewaysOf(capacity.Sessions), isCheck);
        bool isChanged = sessions | mappings | subscribers | others;
        if (!isCheck && isChanged)
        {
            foreach (string file in Directory.EnumerateFiles(directory.Path, $"shard-{shard}-index-*.arena"))
                File.Delete(file);
            File.Delete(directory.SectionFile(ShardSections.Expected(shard)));
        }

        return isChanged;
    }

    private static bool FitSlab<T>(StateDirectory directory, string section, string key, uint capacity, bool isCheck)
        where T : unmanaged, ISlabRecord
    {
        string path = directory.SectionFile(section);
        long wanted = (((long)capacity + 1) * Unsafe.SizeOf<T>() + PageBytes - 1) / PageBytes * PageBytes;
        FileInfo file = new(path);
        if (!file.Exists || file.Length == 0 || file.Length == wanted)
            return false;
        if (isCheck)
        {
            if (file.Length > wanted)
                Check<T>(path, section, key, capacity);
            return true;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.SetLength(wanted);
        return true;
    }

    private static void Check<T>(string path, string section, string key, uint capacity)
        where T : unmanaged, ISlabRecord
    {
        using NativeRegion region = NativeRegion.ReadOnlyFile(path);
        NativeArray<T> records = new(
            new ArenaSection(region.Address, region.Bytes, WasThere: true),
            (uint)(region.Bytes / (nuint)Unsafe.SizeOf<T>()));
        uint last = records.Length - 1;
        while (last > capacity && !records[last].IsLive)
            last--;
        if (last > capacity)
        {
            throw new InvalidDataException(
                $"{section}: gateway.capacity for {key} leaves {capacity} places in a shard, and a record that lives "
                + $"is at place {last}; keep the capacity that the state was made with until it has ended{Discard}");
        }
    }

    private static string? Difference(StateDirectory directory, in StatusPage shape)
    {
        if (!File.Exists(directory.StatusFile))
            return "no status page";
        if (new FileInfo(directory.StatusFile).Length < StatusPage.SizeBytes)
            return "a status page cut short";
        using NativeRegion region = NativeRegion.ReadOnlyFile(directory.StatusFile);
        StatusPage found = new NativeArray<StatusPage>(new ArenaSection(region.Address, region.Bytes, true), 1)[0];
        return found.Magic != StatusPage.ExpectedMagic ? "no valid status page"
            : found.LayoutVersion != StatusPage.CurrentLayoutVersion
                ? $"layout version {found.LayoutVersion} where this build has {StatusPage.CurrentLayoutVersion}; "
                    + "the build that made it can go on with it"
            : found.ShardCount != shape.ShardCount
                ? $"{found.ShardCount} shards where {shape.ShardCount} are configured; "
                    + "as many workers as before can go on with it"
            : found.EventRingCapacity != shape.EventRingCapacity
                ? $"event rings of {found.EventRingCapacity} places where this build has {shape.EventRingCapacity}"
            : null;
    }
}
