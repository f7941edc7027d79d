using System;
using System.Threading;

using Cgn.Memory.Arenas;

namespace Cgn.Contract.Records;

/// <summary>
/// The granted policies, in a section of the arena that all shards share. The control plane writes, one thread at a
/// time; a worker reads a slot when it is told of a subscriber that has it, and all of them when it begins.
/// </summary>
public sealed class PolicyTable
{
    private readonly NativeArray<PolicyRecord> _records;

    /// <summary>Lays the table over a section.</summary>
    /// <param name="section">Memory of <see cref="SizeBytes"/> bytes, zeroed when new.</param>
    public PolicyTable(ArenaSection section) =>
        _records = new NativeArray<PolicyRecord>(section, PlanNumber.GrantedMax);

    /// <summary>Bytes of a section.</summary>
    public static nuint SizeBytes => PlanNumber.GrantedMax * PolicyRecord.SizeBytes;

    /// <summary>What <see cref="PolicyRecord.Version"/> of a slot is now: 0 for a free one.</summary>
    /// <param name="slot">Slot, 0 to <see cref="PlanNumber.GrantedMax"/> - 1.</param>
    public uint VersionOf(int slot) => Volatile.Read(ref _records[(uint)slot].Version);

    /// <summary>Copies a slot.</summary>
    /// <param name="slot">Slot, 0 to <see cref="PlanNumber.GrantedMax"/> - 1.</param>
    /// <param name="policy">What stands there.</param>
    /// <returns>False when it is free, or being written just now.</returns>
    public bool TryRead(int slot, out PolicyRecord policy)
    {
        ref PolicyRecord record = ref _records[(uint)slot];
        uint version = Volatile.Read(ref record.Version);
        policy = record;
        // The copy comes before the second look, which finds whether it was written meanwhile.
        Interlocked.MemoryBarrier();
        return version != 0 && Volatile.Read(ref record.Version) == version;
    }

    /// <summary>The control plane only: writes a slot that no subscriber has.</summary>
    /// <param name="slot">Slot, 0 to <see cref="PlanNumber.GrantedMax"/> - 1.</param>
    /// <param name="policy">What it grants.</param>
    public void Write(int slot, in PolicyRecord policy)
    {
        ref PolicyRecord record = ref _records[(uint)slot];
        // Never 0, which means free.
        uint writes = record.Writes == uint.MaxValue ? 1 : record.Writes + 1;
        Free(slot);
        Interlocked.MemoryBarrier();
        record = policy with { Version = 0, Writes = writes };
        Volatile.Write(ref record.Version, writes);
    }

    /// <summary>The control plane only: frees a slot that no subscriber has.</summary>
    /// <param name="slot">Slot, 0 to <see cref="PlanNumber.GrantedMax"/> - 1.</param>
    public void Free(int slot) => Volatile.Write(ref _records[(uint)slot].Version, 0u);
}
