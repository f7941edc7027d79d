using System;
using System.Threading;

using Cgn.Memory.NextHops;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The kernel's own routing as a next-hop table: main routing table, neighbours and devices by rtnetlink(7), kept
/// current by a thread, so that whatever a routing daemon installs is followed. Routers of all routes are kept
/// resolved; neighbours on a link are resolved when a packet wants them.
/// </summary>
/// <remarks>
/// Not followed: routing rules (ip rule) and other tables, routes for a type of service, encapsulating routes. Of
/// several equal ways one is chosen by the destination. <see cref="Resolve(ulong, ulong)"/> takes no lock and allocates
/// nothing.
/// </remarks>
public sealed class KernelNextHops : NextHopTable, IDisposable
{
    /// <summary>Number of the entry that stands for every destination that can't be reached by our ports.</summary>
    public const ushort UnreachableNumber = 1;

    /// <summary>
    /// Number of the entry that stands for every neighbour the kernel is just being asked for; it is never resolved.
    /// </summary>
    public const ushort PendingNumber = 2;

    private const ushort FirstNumber = 3;
    private const int Attempts = 4;
    private const int JoinMs = 5000;

    private readonly HopIndex _index;
    private readonly HopRequests _requests;
    private readonly KernelFollower _follower;
    private readonly RouteStore _routes;
    private readonly HopSetTable _sets;
    private readonly Thread _thread;
    private int _changes;

    /// <summary>
    /// Reads the kernel's tables completely and then follows them, in the network namespace of the calling thread.
    /// </summary>
    /// <exception cref="PortException">The kernel refuses.</exception>
    public KernelNextHops(KernelNextHopsOptions options)
        : base(Check(options), options.FirstGeneration)
    {
        Publish(UnreachableNumber, new NextHop { State = NextHopState.Unreachable });
        Publish(PendingNumber, new NextHop { State = NextHopState.Pending });
        _index = new HopIndex(options.Capacity);
        _requests = new HopRequests();
        _follower = new KernelFollower(this, options, _index, _requests, FirstNumber);
        _routes = _follower.Routes;
        _sets = _follower.Sets;
        _follower.Synchronise();
        CommitChanges();
        _thread = new Thread(_follower.Run) { IsBackground = true, Name = "kernel routes" };
        _thread.Start();
    }

    /// <summary>Routes known now, of both families.</summary>
    public int RouteCount => _routes.Count;

    /// <summary>Neighbours known or asked for now.</summary>
    public int NeighbourCount => _follower.NeighbourCount;

    /// <summary>Routes and neighbours that found no room; anything but 0 calls for larger capacities.</summary>
    public ulong Refused => _follower.Refused;

    /// <summary>
    /// Times that the tables were read anew completely: after losses, and because the kernel takes some routes back
    /// without saying so.
    /// </summary>
    public ulong Resynchronisations => _follower.Resynchronisations;

    /// <summary>
    /// What <see cref="KernelNextHopsOptions.OwnAddressesChanged"/> failed with last; null when it did not.
    /// </summary>
    public string? Trouble => _follower.Trouble;

    /// <inheritdoc/>
    public override ushort Resolve(ulong high, ulong low)
    {
        bool isIpv4 = high == 0 && low >> 32 == 0xFFFF;
        UInt128 address = isIpv4 ? (UInt128)(uint)low : new UInt128(high, low);
        UInt128 bits = isIpv4 ? address << 96 : address;
        ushort number = 0;
        // What was found while the tables changed may be half old, half new: look again.
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            uint generation = Generation;
            number = Resolve(bits, address, !isIpv4);
            if (generation == Generation)
                break;
        }

        return number;
    }

    /// <summary>Stops following. No worker may use the table any more.</summary>
    public void Dispose()
    {
        _follower.Stop();
        if (_thread.Join(JoinMs))
            _follower.Dispose();
    }

    internal void Publish(ushort number, in NextHop hop) => Set(number, hop);

    /// <summary>
    /// Follower only: routes or numbers have changed, to be announced by <see cref="CommitChanges"/>.
    /// </summary>
    internal void Invalidate() => _changes++;

    /// <summary>Follower only: announces all changes since the last time with one new generation.</summary>
    internal void CommitChanges()
    {
        if (_changes == 0)
            return;
        _changes = 0;
        NextGeneration();
    }

    private ushort Resolve(UInt128 bits, UInt128 address, bool isIpv6)
    {
        uint value = _routes.Find(bits, isIpv6);
        uint payload = value & HopSetTable.PayloadMask;
        switch (value >> HopSetTable.KindShift)
        {
            case HopSetTable.KindNumber:
                return (ushort)payload;
            case HopSetTable.KindGroup:
                ushort[] members = _sets.Group(payload);
                uint hash = new HopKey(address, 0, isIpv6, isIpv6).Hash();
                return members.Length == 0 ? UnreachableNumber : members[(int)(hash % (uint)members.Length)];
            case HopSetTable.KindLink:
                HopKey key = new(address, _sets.LinkDevice(payload), isIpv6, isIpv6);
                ushort number = _index.Find(key);
                if (number != 0)
                    return number;
                _requests.Ask(key);
                return PendingNumber;
            default:
                return 0;
        }
    }

    private static int Check(KernelNextHopsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Capacity, ushort.MaxValue - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RouteNodes, 16u);
        return options.Capacity;
    }
}
