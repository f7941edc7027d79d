using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;

using Cgn.Memory.NextHops;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The neighbours that routes lead to, or that packets have asked for, with what the kernel knows of them. Routers are
/// held as long as a route needs them and kept resolved; neighbours on the link are forgotten when they don't answer,
/// and come back when a packet wants them. One thread only.
/// </summary>
internal sealed class NeighbourTable
{
    private const int QuarantineMs = 1000;
    private const int RefreshMs = 20_000;
    private const int ForgetMs = 5_000;

    private readonly KernelNextHops _table;
    private readonly NetlinkSocket _kernel;
    private readonly LinkTable _links;
    private readonly HopIndex _index;
    private readonly Entry[] _entries;
    private readonly Queue<(ushort Number, long SinceMs)> _freed = new();
    private ushort _last;

    internal NeighbourTable(
        KernelNextHops table, NetlinkSocket kernel, LinkTable links, HopIndex index, int capacity, ushort firstFree)
    {
        _table = table;
        _kernel = kernel;
        _links = links;
        _index = index;
        _entries = new Entry[capacity + 1];
        _last = (ushort)(firstFree - 1);
    }

    /// <summary>Neighbours known or asked for.</summary>
    internal int Count { get; private set; }

    /// <summary>Neighbours that found no room in the table.</summary>
    internal ulong Refused { get; private set; }

    /// <summary>Holds on to a router for a route; 0 when the table is full.</summary>
    internal ushort Acquire(in HopKey key)
    {
        ushort number = _index.Find(key);
        if (number == 0 && !TryAdd(key, out number))
            return 0;
        _entries[number].References++;
        return number;
    }

    /// <summary>A route doesn't need a router any more.</summary>
    internal void Release(ushort number)
    {
        if (--_entries[number].References == 0)
            Remove(number);
    }

    /// <summary>A packet wants a neighbour on the link.</summary>
    internal void Want(in HopKey key)
    {
        if (_index.Find(key) == 0)
            TryAdd(key, out _);
    }

    /// <summary>Takes in what the kernel says of a neighbour; others than ours are passed over.</summary>
    internal void Apply(ReadOnlySpan<byte> body, bool deleted)
    {
        if (body.Length < Rtnetlink.NeighbourBytes || body[0] is not (Rtnetlink.FamilyIpv4 or Rtnetlink.FamilyIpv6))
            return;
        bool isIpv6 = body[0] == Rtnetlink.FamilyIpv6;
        int device = (int)NetlinkMessage.Number(body[4..]);
        ushort state = deleted ? Rtnetlink.StateFailed : MemoryMarshal.Read<ushort>(body[8..]);
        UInt128 address = 0;
        ReadOnlySpan<byte> mac = default;
        ReadOnlySpan<byte> attributes = body[Rtnetlink.NeighbourBytes..];
        while (NetlinkMessage.TryTakeAttribute(ref attributes, out ushort type, out ReadOnlySpan<byte> value))
        {
            if (type == Rtnetlink.NeighbourAddress)
                address = NetlinkMessage.Address(value);
            else if (type == Rtnetlink.NeighbourLinkAddress)
                mac = value;
        }

        // An IPv6 router may serve packets of both families.
        Apply(_index.Find(new HopKey(address, device, isIpv6, PacketIsIpv6: true)), state, mac);
        Apply(_index.Find(new HopKey(address, device, isIpv6, PacketIsIpv6: false)), state, mac);
    }

    /// <summary>Makes the headers anew of all neighbours, after a device has changed.</summary>
    internal void Rebuild()
    {
        for (ushort number = 1; number <= _last; number++)
        {
            if (_entries[number].IsUsed)
                Publish(number);
        }
    }

    /// <summary>
    /// About once a second: asks again for routers that don't answer, and has the kernel confirm those it has not heard
    /// of lately.
    /// </summary>
    internal void Tick(long nowMs)
    {
        for (ushort number = 1; number <= _last; number++)
        {
            ref Entry entry = ref _entries[number];
            if (!entry.IsUsed)
                continue;
            bool isValid = (entry.State & Rtnetlink.StatesValid) != 0;
            if (entry.References == 0 && !isValid && nowMs - entry.SinceMs > ForgetMs)
                Remove(number);
            else if (!isValid || (entry.State == Rtnetlink.StateStale && nowMs - entry.AskedMs > RefreshMs))
                Ask(number, nowMs);
        }
    }

    private bool TryAdd(in HopKey key, out ushort number)
    {
        long nowMs = Environment.TickCount64;
        if (!TryTakeNumber(nowMs, out number))
        {
            Refused++;
            return false;
        }

        _entries[number] = new Entry { IsUsed = true, SinceMs = nowMs };
        Publish(number, key);
        _index.Add(number, key);
        Count++;
        Ask(number, nowMs);
        // The kernel may know the neighbour already, and then has nothing to announce.
        Span<byte> body = stackalloc byte[32];
        _kernel.Send(Rtnetlink.GetNeighbour, Rtnetlink.FlagRequest, Message(key, body, flags: 0));
        return true;
    }

    private void Remove(ushort number)
    {
        _index.Remove(number);
        _entries[number] = default;
        Count--;
        _freed.Enqueue((number, Environment.TickCount64));
        _table.Invalidate();
    }

    private void Apply(ushort number, ushort state, ReadOnlySpan<byte> mac)
    {
        if (number == 0)
            return;
        ref Entry entry = ref _entries[number];
        bool wasValid = (entry.State & Rtnetlink.StatesValid) != 0;
        bool isFirst = !entry.IsHeardOf;
        entry.IsHeardOf = true;
        bool isValid = (state & Rtnetlink.StatesValid) != 0 && mac.Length == 6;
        entry.State = isValid || (state & Rtnetlink.StatesValid) == 0 ? state : (ushort)0;
        if (isValid)
        {
            ulong address = ((ulong)BinaryPrimitives.ReadUInt16BigEndian(mac) << 32)
                | BinaryPrimitives.ReadUInt32BigEndian(mac[2..]);
            bool isSame = wasValid && entry.Mac == address;
            entry.Mac = address;
            if (!isSame)
                Publish(number);
        }
        else if (isFirst)
        {
            // The kernel had it before we came, so that it did not take our first question.
            Ask(number, Environment.TickCount64);
        }
        else if (state == Rtnetlink.StateFailed && entry.References == 0)
        {
            Remove(number);
        }
        else if (wasValid)
        {
            Publish(number);
            Ask(number, Environment.TickCount64);
        }
    }

    private void Ask(ushort number, long nowMs)
    {
        _entries[number].AskedMs = nowMs;
        Span<byte> body = stackalloc byte[32];
        // As if the kernel itself had a packet to send: it resolves or confirms the neighbour and announces the result.
        // That takes from a static neighbour that it is static (Linux 5.16 and later) and with it its address, so as
        // long as the kernel has not said what it is, only one is asked for that it doesn't have yet.
        ushort unlessThere = _entries[number].IsHeardOf ? (ushort)0 : Rtnetlink.FlagExclusive;
        _kernel.Send(
            Rtnetlink.NewNeighbour,
            (ushort)(Rtnetlink.FlagRequest | Rtnetlink.FlagCreate | unlessThere),
            Message(_index.Key(number), body, Rtnetlink.NeighbourUse));
    }

    private static ReadOnlySpan<byte> Message(in HopKey key, Span<byte> body, byte flags)
    {
        int addressBytes = key.AddressIsIpv6 ? 16 : 4;
        body = body[..(Rtnetlink.NeighbourBytes + 4 + addressBytes)];
        body.Clear();
        body[0] = key.AddressIsIpv6 ? Rtnetlink.FamilyIpv6 : Rtnetlink.FamilyIpv4;
        MemoryMarshal.Write(body[4..], key.Device);
        body[10] = flags;
        MemoryMarshal.Write(body[12..], (ushort)(4 + addressBytes));
        MemoryMarshal.Write(body[14..], Rtnetlink.NeighbourAddress);
        if (key.AddressIsIpv6)
            BinaryPrimitives.WriteUInt128BigEndian(body[16..], key.Address);
        else
            BinaryPrimitives.WriteUInt32BigEndian(body[16..], (uint)key.Address);
        return body;
    }

    private void Publish(ushort number) => Publish(number, _index.Key(number));

    private void Publish(ushort number, in HopKey key)
    {
        ref readonly Entry entry = ref _entries[number];
        Link? link = _links.Find(key.Device);
        if (link is null || link.Port == Link.NoPort || !link.HasMac)
        {
            _table.Publish(number, new NextHop { State = NextHopState.Unreachable });
            return;
        }

        ushort mtu = (ushort)Math.Min(link.Mtu, ushort.MaxValue);
        if ((entry.State & Rtnetlink.StatesValid) == 0)
        {
            _table.Publish(number, new NextHop { State = NextHopState.Pending, Port = (byte)link.Port, Mtu = mtu });
            return;
        }

        Span<byte> header = stackalloc byte[NextHop.HeaderMax];
        BinaryPrimitives.WriteUInt64BigEndian(header, entry.Mac << 16);
        link.Mac.CopyTo(header[6..]);
        link.Tags.CopyTo(header[12..]);
        int length = 12 + link.Tags.Length;
        BinaryPrimitives.WriteUInt16BigEndian(header[length..], key.PacketIsIpv6 ? (ushort)0x86DD : (ushort)0x0800);
        _table.Publish(number, NextHop.Resolved((byte)link.Port, header[..(length + 2)], mtu));
    }

    // A number is used again only when every worker has had time to notice that it is free.
    private bool TryTakeNumber(long nowMs, out ushort number)
    {
        bool isFull = _last == _entries.Length - 1;
        if (_freed.TryPeek(out (ushort Number, long SinceMs) oldest)
            && (isFull || nowMs - oldest.SinceMs > QuarantineMs))
        {
            number = _freed.Dequeue().Number;
            return true;
        }

        number = isFull ? (ushort)0 : ++_last;
        return !isFull;
    }

    private struct Entry
    {
        public ulong Mac;
        public long SinceMs;
        public long AskedMs;
        public int References;
        public ushort State;
        public bool IsUsed;
        public bool IsHeardOf;
    }
}
