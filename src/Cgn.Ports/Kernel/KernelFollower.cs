using System;

using Cgn.Ports.Native;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The one thread that writes the tables: listens to the kernel's announcements, asks for neighbours that packets want,
/// and reads everything anew when announcements were lost or the kernel is known not to make them.
/// </summary>
internal sealed unsafe class KernelFollower : IDisposable
{
    private const int TickMs = 1000;
    private const int MaxDatagramsATurn = 256;
    private const int DumpAttempts = 5;

    private readonly KernelNextHops _table;
    private readonly KernelNextHopsOptions _options;
    private readonly HopRequests _requests;
    private readonly NetlinkSocket _events;
    private readonly NetlinkSocket _questions;
    private readonly NetlinkSocket _dumps;
    private readonly LinkTable _links;
    private readonly NeighbourTable _neighbours;
    private readonly OwnAddresses _addresses = new();
    private readonly HopSet _parsed = new(isIpv6: false);
    private volatile bool _stopping;
    private bool _mustSynchronise;
    private bool _linksChanged;
    private bool _addressesChanged;
    private long _tickedMs;

    internal KernelFollower(
        KernelNextHops table, KernelNextHopsOptions options, HopIndex index, HopRequests requests, ushort firstNumber)
    {
        _table = table;
        _options = options;
        _requests = requests;
        _events = new NetlinkSocket(Rtnetlink.Groups);
        _questions = new NetlinkSocket(groups: 0);
        _dumps = new NetlinkSocket(groups: 0);
        _links = new LinkTable(options.Ports);
        _neighbours = new NeighbourTable(table, _questions, _links, index, options.Capacity, firstNumber);
        Sets = new HopSetTable(_neighbours, _links, KernelNextHops.UnreachableNumber);
        Routes = new RouteStore(Sets, options.RouteNodes);
    }

    internal RouteStore Routes { get; }

    internal HopSetTable Sets { get; }

    internal int NeighbourCount => _neighbours.Count;

    internal ulong Refused => Routes.Refused + _neighbours.Refused;

    internal ulong Resynchronisations { get; private set; }

    internal string? Trouble { get; private set; }

    /// <summary>
    /// Reads everything anew. Announcements that arrive meanwhile are applied afterwards, to the same result.
    /// </summary>
    internal void Synchronise()
    {
        _mustSynchronise = false;
        Resynchronisations++;
        _links.Clear();
        _addresses.Clear();
        Dump(Rtnetlink.GetLink, 0);
        Dump(Rtnetlink.GetAddress, Rtnetlink.FamilyIpv4);
        Routes.BeginSweep();
        Dump(Rtnetlink.GetRoute, Rtnetlink.FamilyIpv4);
        Dump(Rtnetlink.GetRoute, Rtnetlink.FamilyIpv6);
        Routes.EndSweep();
        ApplyLinks();
        Dump(Rtnetlink.GetNeighbour, Rtnetlink.FamilyIpv4);
        Dump(Rtnetlink.GetNeighbour, Rtnetlink.FamilyIpv6);
        _addressesChanged = true;
        _table.Invalidate();
        TellAddresses();
    }

    /// <summary>The thread's life.</summary>
    internal void Run()
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[3];
        descriptors[0] = new PollDescriptor { Descriptor = _events.Descriptor, Events = PollDescriptor.In };
        descriptors[1] = new PollDescriptor { Descriptor = _questions.Descriptor, Events = PollDescriptor.In };
        descriptors[2] = new PollDescriptor { Descriptor = _requests.Descriptor, Events = PollDescriptor.In };
        while (!_stopping)
        {
            _ = LibC.poll(descriptors, 3, TickMs);
            Turn();
        }
    }

    internal void Stop()
    {
        _stopping = true;
        _requests.Ring();
    }

    public void Dispose()
    {
        _events.Dispose();
        _questions.Dispose();
        _dumps.Dispose();
        _requests.Dispose();
        Routes.Dispose();
    }

    private void Turn()
    {
        Drain(_events);
        Drain(_questions);
        bool mustAskAgain = _requests.Answer();
        int place = 0;
        while (_requests.TryTake(ref place, out HopKey key))
        {
            _neighbours.Want(key);
            mustAskAgain = true;
        }

        if (mustAskAgain)
            _table.Invalidate();
        if (_mustSynchronise)
            Synchronise();
        if (_linksChanged)
            ApplyLinks();
        TellAddresses();
        long nowMs = Environment.TickCount64;
        if (nowMs - _tickedMs >= TickMs)
        {
            _tickedMs = nowMs;
            _neighbours.Tick(nowMs);
        }

        _table.CommitChanges();
    }

    private void Drain(NetlinkSocket socket)
    {
        // Bounded, so that a storm of routes doesn't keep neighbours waiting.
        for (int i = 0; i < MaxDatagramsATurn; i++)
        {
            int length = socket.Receive(out ReadOnlySpan<byte> messages, wait: false);
            if (length == NetlinkSocket.Overrun)
                _mustSynchronise = true;
            if (length <= 0)
                return;
            while (NetlinkMessage.TryTake(ref messages, out NetlinkMessage message))
                Apply(message, isDump: false);
        }
    }

    private void Dump(ushort type, byte family)
    {
        for (int attempt = 0; attempt < DumpAttempts; attempt++)
        {
            uint sequence = _dumps.RequestAll(type, family);
            if (TryReadDump(sequence))
                return;
        }

        // Announcements that follow, or the next complete reading, put it right.
    }

    // False when the listing was interrupted by a change and may lack something.
    private bool TryReadDump(uint sequence)
    {
        bool isWhole = true;
        while (true)
        {
            int length = _dumps.Receive(out ReadOnlySpan<byte> messages, wait: true);
            if (length <= 0)
                return false;
            while (NetlinkMessage.TryTake(ref messages, out NetlinkMessage message))
            {
                if (message.Sequence != sequence)
                    continue;
                isWhole &= (message.Flags & Rtnetlink.FlagDumpInterrupted) == 0;
                if (message.Type is Rtnetlink.MessageDone or Rtnetlink.MessageError)
                    return isWhole;
                Apply(message, isDump: true);
            }
        }
    }

    private void Apply(in NetlinkMessage message, bool isDump)
    {
        switch (message.Type)
        {
            case Rtnetlink.NewRoute:
            case Rtnetlink.DeleteRoute:
                ApplyRoute(message, isDump);
                break;
            case Rtnetlink.NewNeighbour:
            case Rtnetlink.DeleteNeighbour:
                _neighbours.Apply(message.Body, message.Type == Rtnetlink.DeleteNeighbour);
                break;
            case Rtnetlink.NewLink:
                // Taking a device down takes IPv4 routes back without a word.
                _links.Apply(message.Body, out bool wentDown);
                _mustSynchronise |= wentDown && !isDump;
                _linksChanged = true;
                break;
            case Rtnetlink.DeleteLink:
                _links.Remove(message.Body);
                _mustSynchronise = true;
                _linksChanged = true;
                break;
            case Rtnetlink.NewAddress:
            case Rtnetlink.DeleteAddress:
                // So does taking an address away, for routes that prefer it as a source.
                bool isDelete = message.Type == Rtnetlink.DeleteAddress;
                _addressesChanged |= _addresses.Apply(message.Body, isDelete);
                _mustSynchronise |= isDelete;
                break;
        }
    }

    private void ApplyRoute(in NetlinkMessage message, bool isDump)
    {
        if (!RouteMessage.TryRead(message.Body, _parsed, out RoutePrefix prefix, out uint metric))
            return;
        // A listing has no flags of its own, and comes in the order of preference.
        if (message.Type == Rtnetlink.DeleteRoute)
            Routes.Remove(prefix, metric, _parsed);
        else
            Routes.Add(prefix, metric, _parsed, isDump ? Rtnetlink.FlagAppend : message.Flags);
        _table.Invalidate();
    }

    private void ApplyLinks()
    {
        _linksChanged = false;
        if (Sets.Evaluate())
            Routes.Reinstall();
        _neighbours.Rebuild();
        _table.Invalidate();
    }

    private void TellAddresses()
    {
        if (!_addressesChanged)
            return;
        _addressesChanged = false;
        try
        {
            _options.OwnAddressesChanged?.Invoke(_addresses.List());
            Trouble = null;
        }
        catch (PortException error)
        {
            // Following goes on; who watches the gateway is told.
            Trouble = error.Message;
        }
    }
}
