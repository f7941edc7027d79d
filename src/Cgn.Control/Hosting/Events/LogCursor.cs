using System;
using System.IO;
using System.Threading;

using Cgn.Memory.Arenas;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// Where the block log stands, in the state directory beside the rings that events come from: says before each append
/// what it will be, so that after a kill at any instruction the file tells whether it was carried out.
/// </summary>
internal sealed class LogCursor : IDisposable
{
    internal const int ShardsMax = 64;

    private const ulong HashSeed = 14695981039346656037;
    private const ulong HashPrime = 1099511628211;

    private readonly NativeRegion _region;
    private readonly NativeArray<LogIntent> _page;

    /// <summary>Opens the cursor, or makes it.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="IOException">It can't be had.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public LogCursor(string path)
    {
        _region = NativeRegion.File(path, LogIntent.SizeBytes);
        _page = new NativeArray<LogIntent>(new ArenaSection(_region.Address, _region.Bytes, _region.WasThere), 1);
    }

    /// <summary>It is not known whether the last append was carried out: <see cref="Settle"/> finds out.</summary>
    public bool IsOpen => Volatile.Read(ref _page[0].IsOpen) != 0;

    /// <summary>Sequence of the last event of a shard that the log has, 0 for none.</summary>
    public ulong Recorded(int shard) => _page[0].Recorded[shard];

    /// <summary>Says what will be appended.</summary>
    /// <param name="file">The log.</param>
    /// <param name="before">Its length.</param>
    /// <param name="bytes">What will be appended.</param>
    /// <param name="shard">Whose events it is, -1 for nobody's.</param>
    /// <param name="lastSequence">Sequence of the last of them.</param>
    public void Begin(SafeFileHandle file, long before, ReadOnlySpan<byte> bytes, int shard, ulong lastSequence)
    {
        ref LogIntent intent = ref _page[0];
        intent.File = FileIdentity.Of(file);
        intent.Before = before;
        intent.Bytes = bytes.Length;
        intent.Hash = HashOf(bytes);
        intent.Shard = shard;
        intent.LastSequence = lastSequence;
        Volatile.Write(ref intent.IsOpen, 1);
    }

    /// <summary>It has been appended, or taken back.</summary>
    public void End(bool isAppended)
    {
        ref LogIntent intent = ref _page[0];
        if (isAppended && intent.Shard >= 0)
            Volatile.Write(ref intent.Recorded[intent.Shard], intent.LastSequence);
        Volatile.Write(ref intent.IsOpen, 0);
    }

    /// <summary>Finds out whether what was begun is in the log, and cuts off what is there of it in part.</summary>
    /// <param name="path">The log; rotated ones lie beside it and begin with its name.</param>
    /// <exception cref="IOException">A file can't be read or cut.</exception>
    public void Settle(string path)
    {
        ref LogIntent intent = ref _page[0];
        bool isFound = false;
        bool isAppended = false;
        foreach (string name in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
        {
            // By another name it is still the file that was open: whoever rotates renames it. Who copies and cuts it
            // off instead leaves a copy in which everything lies where it lay.
            bool isSame = FileIdentity.Of(name) == intent.File;
            if (isSame && new FileInfo(name).Length >= intent.Before)
            {
                isFound = true;
                isAppended |= IsThere(name, intent);
                if (!isAppended && new FileInfo(name).Length < intent.Before + intent.Bytes)
                    Cut(name, intent.Before);
            }
            else if (!isSame && !isFound)
            {
                isAppended |= IsThere(name, intent);
            }
        }

        End(isAppended);
    }

    /// <summary>Unmaps it; the file stays.</summary>
    public void Dispose() => _region.Dispose();

    private static bool IsThere(string name, in LogIntent intent)
    {
        using SafeFileHandle file = File.OpenHandle(
            name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) < intent.Before + intent.Bytes)
            return false;
        byte[] bytes = new byte[intent.Bytes];
        return RandomAccess.Read(file, bytes, intent.Before) == bytes.Length && HashOf(bytes) == intent.Hash;
    }

    private static void Cut(string name, long length)
    {
        using SafeFileHandle file = File.OpenHandle(
            name, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(file, length);
    }

    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = HashSeed;
        foreach (byte one in bytes)
            hash = (hash ^ one) * HashPrime;
        return hash;
    }
}
