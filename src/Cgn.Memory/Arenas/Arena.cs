using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;

namespace Cgn.Memory.Arenas;

/// <summary>
/// Where the records live: a set of named sections, each a mapped file under the state directory, or private memory
/// for tests, replay
/// and benchmarks. All of it is taken at the start, by any thread; after <see cref="Seal"/> nothing more can be taken.
/// </summary>
public sealed class Arena : IDisposable
{
    private readonly string? _directory;
    private readonly ConcurrentQueue<NativeRegion> _regions = new();
    private ulong _bytes;
    private ulong _newBytes;
    private bool _sealed;

    private Arena(string? directory) => _directory = directory;

    /// <summary>Bytes taken so far by all sections.</summary>
    public ulong Bytes => Interlocked.Read(ref _bytes);

    /// <summary>An arena in private memory, gone with the process.</summary>
    public static Arena Private() => new(null);

    /// <summary>An arena of mapped files in a directory, which is made when absent.</summary>
    /// <exception cref="IOException">The directory can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static Arena InDirectory(string directory)
    {
        Directory.CreateDirectory(directory);
        return new Arena(directory);
    }

    /// <summary>Takes a section.</summary>
    /// <param name="name">Name of the section and, with <c>.arena</c>, of its file.</param>
    /// <param name="bytes">Bytes wanted.</param>
    /// <exception cref="InvalidOperationException">The arena is sealed.</exception>
    /// <exception cref="IOException">The file is of another size or can't be mapped.</exception>
    public ArenaSection Take(string name, nuint bytes)
    {
        if (_sealed)
            throw new InvalidOperationException($"arena section '{name}' was asked for after the start");
        NativeRegion region = _directory is null
            ? NativeRegion.Anonymous(bytes)
            : NativeRegion.File(PathOf(_directory, name), bytes);
        _regions.Enqueue(region);
        Interlocked.Add(ref _bytes, region.Bytes);
        if (!region.WasThere)
            Interlocked.Add(ref _newBytes, region.Bytes);
        return new ArenaSection(region.Address, region.Bytes, region.WasThere);
    }

    /// <summary>The part of it that no earlier process has left there: what the system has yet to give.</summary>
    public ulong NewBytes => Interlocked.Read(ref _newBytes);

    /// <summary>
    /// Takes all pages of all sections from the system now. Not while sections are taken or given back.
    /// </summary>
    /// <param name="end">Asked between sections: whether to leave it.</param>
    /// <returns>False when the system did not give some of them.</returns>
    public bool TryPopulate(CancellationToken end = default)
    {
        bool all = true;
        foreach (NativeRegion region in _regions)
        {
            if (end.IsCancellationRequested)
                break;
            all &= region.TryPopulate();
        }

        return all;
    }

    /// <summary>No section can be taken from here on.</summary>
    public void Seal() => _sealed = true;

    /// <summary>The file of a section.</summary>
    public static string PathOf(string directory, string name) => Path.Combine(directory, name + ".arena");

    /// <summary>Unmaps all sections; files stay.</summary>
    public void Dispose()
    {
        foreach (NativeRegion region in _regions)
            region.Dispose();
        _regions.Clear();
    }
}
