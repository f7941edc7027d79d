using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// One subscriber forgotten by request: by way of the ports of its blocks, which costs what the subscriber has and not
// what the shard has.
public sealed partial class NatShard
{
    private const byte WholeKey = 128;

    private uint _forgetting;
    private uint _forgetBlock;
    private int _forgetPort;
    private bool _keepsRecord;

    private void BeginForget(uint subscriber, bool keepsRecord)
    {
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        SubscriberKey key = KeyOf(s);
        ulong low = key.Kind == SubscriberKind.Nat444 ? key.Low | MappedIpv4 : key.Low;
        _clearing = new Ipv6PrefixSetting(key.High, low, WholeKey);
        _clearingExternal = 0;
        _clearingProtocol = 0;
        _keepsRecord = keepsRecord;
        _forgetting = subscriber;
        _forgetBlock = s.FirstBlock;
        _forgetPort = 0;
    }

    // True when it is over, or handed on to the walk over all mappings.
    private bool ContinueForget(in WorkerTime now, ref int budget)
    {
        uint subscriber = _forgetting;
        ref SubscriberRecord s = ref _subscribers[subscriber];
        if (s.IsLive && IsCleared(s))
        {
            if (!TryEndPorts(subscriber, now, ref budget))
                return false;
            if (s.MappingCount > EndStaticSessions(KeyOf(s), now))
            {
                // Mappings without a block, or of protocols without ports: no way leads to them but past all others.
                _clearsMappings = true;
                _clearAt = 1;
            }
            else if (!TryForget(subscriber, now))
            {
                return false;
            }
        }

        _forgetting = 0;
        return true;
    }

    // False when the budget is used up.
    private bool TryEndPorts(uint subscriber, in WorkerTime now, ref int budget)
    {
        while (_forgetBlock != 0)
        {
            ref BlockRecord b = ref _blocks[_forgetBlock];
            if (b.Subscriber != subscriber)
            {
                // It went back since the last turn: what is left of the chain begins at the subscriber.
                _forgetBlock = _subscribers[subscriber].FirstBlock;
                _forgetPort = 0;
                continue;
            }

            for (; !IsUnused(b) && _forgetPort < SizeOf(b); _forgetPort++)
            {
                if (budget-- <= 0)
                    return false;
                EndPort(b, (ushort)(b.FirstPort + _forgetPort), now);
            }

            _forgetBlock = b.NextOfSubscriber;
            _forgetPort = 0;
        }

        return true;
    }

    private void EndPort(in BlockRecord b, ushort port, in WorkerTime now)
    {
        if (b.UsedUdp != 0)
            EndAt(b.ExternalAddress, port, (byte)IpProtocol.Udp, now);
        if (b.UsedTcp != 0)
            EndAt(b.ExternalAddress, port, (byte)IpProtocol.Tcp, now);
        if (b.UsedIcmp != 0)
            EndAt(b.ExternalAddress, port, (byte)IpProtocol.Icmp, now);
    }

    private void EndAt(uint address, ushort port, byte protocol, in WorkerTime now)
    {
        uint mapping = FindExternal(address, port, protocol, 0);
        if (mapping != 0 && _mappings[mapping].State != MappingState.Static)
            EndMapping(mapping, now);
    }

    // The configuration's own stay, without what traffic made of them. Returns how many there are.
    private uint EndStaticSessions(in SubscriberKey key, in WorkerTime now)
    {
        uint count = 0;
        foreach (StaticMapping configured in _snapshot.StaticMappings)
        {
            if (PoolTable.KeyOf(configured) != key)
                continue;
            uint mapping =
                FindExternal(configured.ExternalAddress, configured.ExternalPort, configured.Protocol, 0);
            if (mapping == 0 || _mappings[mapping].State != MappingState.Static)
                continue;
            count++;
            while (_mappings[mapping].SessionCount != 0)
                EndSession(_mappings[mapping].FirstSession, now);
        }

        return count;
    }
}
