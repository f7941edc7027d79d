using Cgn.Memory.Arenas;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>The external endpoint of each session, as seen in packets that left outside.</summary>
internal sealed class MappingBook
{
    private readonly NativeArray<ulong> _entries;

    /// <summary>Takes the memory.</summary>
    public MappingBook(Arena memory, uint capacity) =>
        _entries = new NativeArray<ulong>(memory.Take("book", ((nuint)capacity + 1) * sizeof(ulong)), capacity);

    /// <summary>Sessions that fit.</summary>
    public uint Length => _entries.Length;

    /// <summary>Notes an endpoint; false when there is no such session.</summary>
    /// <param name="number">Number of the session.</param>
    /// <param name="address">External address, host order.</param>
    /// <param name="port">External port.</param>
    /// <param name="worker">The worker that sent it out, and so the one that owns it.</param>
    public bool TryNote(uint number, uint address, ushort port, byte worker)
    {
        if (number >= _entries.Length)
            return false;
        _entries[number] = ((ulong)address << 32) | ((ulong)port << 16) | ((ulong)worker << 8) | 1;
        return true;
    }

    /// <summary>The external endpoint of a session and the worker that owns it; false when none was seen.</summary>
    public bool TryFind(uint number, out uint address, out ushort port, out byte worker)
    {
        ulong entry = _entries[number];
        address = (uint)(entry >> 32);
        port = (ushort)(entry >> 16);
        worker = (byte)(entry >> 8);
        return entry != 0;
    }
}
