using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Nat;

// Sessions that an application gateway reads, and what it keeps of TCP connections. A session is marked when it
// begins, or never.
public sealed partial class NatShard
{
    private const uint GatewaysMin = 64;
    private const uint GatewaysMax = 4096;
    private const uint SessionsPerGateway = 64;

    // Of all, so that nobody's connections keep the others' from being read.
    private const uint GatewayShares = 8;

    private readonly Slab<GatewayRecord> _gateways;
    private readonly HashIndex _gatewayOf;

    // Connections read, by number of subscriber: derived, like an index.
    private readonly ushort[] _read;

    /// <summary>TCP connections that gateways read now.</summary>
    public uint GatewayCount => _gateways.Count;

    /// <summary>TCP connections that gateways can read at once.</summary>
    public uint GatewayCapacity => _gateways.Capacity;

    /// <summary>What a gateway keeps of a TCP session; a record that is not live when there is nothing.</summary>
    /// <param name="session">The session's number.</param>
    public ref GatewayRecord Gateway(uint session)
    {
        HashProbe probe = _gatewayOf.Probe(Hash.Mix(session));
        while (probe.Next(out uint record))
        {
            if (_gateways[record].Session == session)
                return ref _gateways[record];
        }

        return ref _gateways[0];
    }

    /// <summary>The gateway of a session by its ports and its subscriber's plan as they are now.</summary>
    /// <param name="s">A session.</param>
    public ApplicationGateways GatewayFor(in SessionRecord s)
    {
        ApplicationGateways allowed = _limits[_subscribers[s.Subscriber].Plan].Gateways;
        if (allowed == ApplicationGateways.None)
            return ApplicationGateways.None;
        bool fromOutside = (s.Flags & SessionFlags.OutsideInitiated) != 0;
        foreach (GatewayPort port in _snapshot.GatewayPorts)
        {
            // A server inside is known by its own port. Telephones have the same port at both ends.
            bool isTalk = port.Port == s.RemotePort || (port.Port == s.InternalPort
                && (fromOutside || port.Gateway == ApplicationGateways.Sip));
            if (isTalk && port.Protocol == s.Protocol && (port.Gateway & allowed) != 0)
                return port.Gateway;
        }

        return ApplicationGateways.None;
    }

    // A session begins: whether a gateway reads it. Without a place for its state it is plainly translated.
    private SessionFlags BeginGateway(uint session, in SessionRecord s)
    {
        ApplicationGateways kind = GatewayFor(s);
        if (kind == ApplicationGateways.None)
            return SessionFlags.None;
        if (s.Protocol != (byte)IpProtocol.Tcp)
            return SessionFlags.Gateway;
        ref ushort read = ref _read[s.Subscriber];
        uint record = read < _gateways.Capacity / GatewayShares ? _gateways.Take() : 0;
        if (record == 0 || !_gatewayOf.Insert(Hash.Mix(session), record))
        {
            if (record != 0)
                _gateways.Give(record);
            _counters[CounterId.GatewayUnread]++;
            return SessionFlags.None;
        }

        ref GatewayRecord g = ref _gateways[record];
        g.Kind = kind;
        Reset(ref g.Outbound);
        Reset(ref g.Inbound);
        g.Session = session;
        read++;
        return SessionFlags.Gateway;
    }

    // Only the counts: what they count needs no clearing.
    private static void Reset(ref GatewayStream stream)
    {
        stream.IsOpen = 0;
        stream.EditCount = 0;
        stream.HeldLength = 0;
    }

    private void EndGateway(uint session, uint subscriber)
    {
        HashProbe probe = _gatewayOf.Probe(Hash.Mix(session));
        while (probe.Next(out uint record))
        {
            if (_gateways[record].Session != session)
                continue;
            _gatewayOf.Remove(Hash.Mix(session), record);
            _gateways.Give(record);
            _read[subscriber]--;
            return;
        }
    }

    private void RebuildGateways()
    {
        _gatewayOf.Clear();
        for (uint i = 1; i < _gateways.Fresh; i++)
        {
            ref readonly GatewayRecord g = ref _gateways[i];
            if (!g.IsLive)
                continue;
            if (Belongs(g) && _gatewayOf.Insert(Hash.Mix(g.Session), i))
                _read[_sessions[g.Session].Subscriber]++;
            else
                LeaveOut(_gateways, i);
            Commit();
        }
    }

    /// <summary>TCP connections that gateways can read at once in a shard of so many sessions.</summary>
    public static uint GatewaysOf(uint sessions) =>
        Math.Clamp(sessions / SessionsPerGateway, GatewaysMin, GatewaysMax);
}
