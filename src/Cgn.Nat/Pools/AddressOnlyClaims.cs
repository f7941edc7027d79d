using System.Threading;

using Cgn.Memory;

namespace Cgn.Nat;

/// <summary>
/// Which shard carries which address-only traffic: the one thing about an inbound packet that neither its ports nor
/// arithmetic can tell. Shared by all shards, without locks; written only when such traffic begins and ends.
/// </summary>
/// <remarks>
/// An entry is 56 bits of a keyed hash of (external address, remote address, protocol, call identifier) and 8 bits of
/// shard. It lies in
/// one of <see cref="Reach"/> places after its home, all of which every look-up reads, so taking one out needs no mark.
/// </remarks>
internal sealed class AddressOnlyClaims
{
    internal const int Places = 1 << 16;
    internal const int Reach = 16;

    private readonly ulong[] _entries = new ulong[Places + Reach];
    private readonly ulong _key;

    internal AddressOnlyClaims(ulong seed) => _key = Hash.Mix(seed ^ 0xA0DD7E55);

    internal bool TryFind(uint address, uint remote, byte protocol, ushort call, out int shard)
    {
        ulong tag = Tag(address, remote, protocol, call);
        int home = Home(tag);
        shard = -1;
        for (int i = 0; i < Reach; i++)
        {
            ulong entry = Volatile.Read(ref _entries[home + i]);
            if (entry >> 8 != tag || entry == 0)
                continue;
            shard = (int)(entry & 0xFF) - 1;
            return true;
        }

        return false;
    }

    /// <summary>Claims for a shard; false when another has it or there is no place.</summary>
    internal bool TryClaim(uint address, uint remote, byte protocol, ushort call, int shard)
    {
        ulong tag = Tag(address, remote, protocol, call);
        ulong mine = (tag << 8) | (uint)(shard + 1);
        int home = Home(tag);
        int place = -1;
        for (int i = 0; i < Reach && place < 0; i++)
        {
            ulong entry = Volatile.Read(ref _entries[home + i]);
            if (entry == mine)
                return true;
            if (entry == 0 && Interlocked.CompareExchange(ref _entries[home + i], mine, 0) == 0)
                place = home + i;
        }

        if (place < 0)
            return false;

        // Another shard may have claimed at the same time in another place: whoever sees the other withdraws.
        for (int i = 0; i < Reach; i++)
        {
            ulong entry = Volatile.Read(ref _entries[home + i]);
            if (entry >> 8 != tag || entry == mine)
                continue;
            Volatile.Write(ref _entries[place], 0);
            return false;
        }

        return true;
    }

    internal void Release(uint address, uint remote, byte protocol, ushort call, int shard)
    {
        ulong tag = Tag(address, remote, protocol, call);
        ulong mine = (tag << 8) | (uint)(shard + 1);
        int home = Home(tag);
        for (int i = 0; i < Reach; i++)
        {
            if (Volatile.Read(ref _entries[home + i]) == mine)
                Volatile.Write(ref _entries[home + i], 0);
        }
    }

    private static int Home(ulong tag) => (int)(tag & (Places - 1));

    private ulong Tag(uint address, uint remote, byte protocol, ushort call) =>
        Hash.Mix(Hash.Pair(((ulong)address << 32) | remote, ((uint)call << 8) | protocol, _key)) >> 8;
}
