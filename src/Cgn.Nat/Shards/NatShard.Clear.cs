using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

// Subscribers forgotten by request, so that their prefix can go to another customer (RFC 7785 section 4.5): first their
// mappings with the sessions, then their blocks and records. A bounded part at a time; what traffic makes anew in the
// meantime is a fresh start and stays.
public sealed partial class NatShard
{
    private const ulong MappedIpv4 = 0x0000FFFF00000000;

    private Ipv6PrefixSetting _clearing;
    private uint _clearingExternal;
    private byte _clearingProtocol;
    private uint _clearAt;
    private bool _clearsMappings;

    /// <summary>A <see cref="BeginClear"/> has not been carried out yet.</summary>
    public bool IsClearing => (_clearAt | _forgetting) != 0;

    /// <summary>Begins to forget every subscriber of a prefix; <see cref="ContinueClear"/> does it.</summary>
    /// <param name="prefix">IPv6 prefix of B4s, or an IPv4 one mapped below ::ffff:0:0/96.</param>
    /// <param name="externalAddress">Only mappings of this external address; 0 for all.</param>
    /// <param name="protocol">Only mappings of this protocol; 0 for all.</param>
    public void BeginClear(Ipv6PrefixSetting prefix, uint externalAddress = 0, byte protocol = 0)
    {
        _clearing = prefix;
        _clearingExternal = externalAddress;
        _clearingProtocol = protocol;
        _clearsMappings = true;
        _clearAt = 1;
        _keepsRecord = false;
    }

    /// <summary>Goes on with it.</summary>
    /// <param name="now">The time.</param>
    /// <param name="budget">Records to visit at most.</param>
    /// <returns>True when it is done.</returns>
    public bool ContinueClear(in WorkerTime now, int budget)
    {
        if (_forgetting != 0 && !ContinueForget(now, ref budget))
            return false;
        for (; budget > 0 && _clearAt != 0; budget--)
        {
            uint end = _clearsMappings ? _mappings.Fresh : _subscribers.Fresh;
            if (_clearAt < end)
            {
                if (!TryClear(_clearAt, now))
                    return false;
                _clearAt++;
            }
            else
            {
                // Whoever loses part of its mappings keeps its blocks, as it would when they ended by themselves.
                bool isPart = (_clearingExternal | _clearingProtocol) != 0;
                _clearAt = _clearsMappings && !isPart ? 1u : 0u;
                _clearsMappings = false;
            }
        }

        return !IsClearing;
    }

    private bool TryClear(uint record, in WorkerTime now)
    {
        if (!_clearsMappings)
            return !_subscribers[record].IsLive || !IsCleared(_subscribers[record]) || TryForget(record, now);
        ref MappingRecord m = ref _mappings[record];
        if (!m.IsLive || !IsCleared(_subscribers[m.Subscriber])
            || (_clearingExternal != 0 && _clearingExternal != m.ExternalAddress)
            || (_clearingProtocol != 0 && _clearingProtocol != m.Protocol))
            return true;
        if (m.State != MappingState.Static)
        {
            EndMapping(record, now);
            return true;
        }

        // The configuration's own stay, without what traffic made of them.
        while (m.SessionCount != 0)
            EndSession(m.FirstSession, now);
        return true;
    }

    // False while the end of its blocks can't be told.
    private bool TryForget(uint subscriber, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        ref uint link = ref s.FirstBlock;
        for (int i = 0; link != 0 && i < BlocksWalked; i++)
        {
            uint block = link;
            if (!IsUnused(_blocks[block]))
            {
                link = ref _blocks[block].NextOfSubscriber;
                continue;
            }

            if (MustNotLoseEvents)
                return false;
            Kept(ref link) = _blocks[block].NextOfSubscriber;
            LoseBlock(ref s);
            ForgetBlock(subscriber, block, now);
            Commit();
        }

        if (!_keepsRecord && (s.SessionCount | s.MappingCount | s.BlockCount) == 0)
            FreeSubscriber(subscriber, now.UnixMs);
        return true;
    }

    private bool IsCleared(in SubscriberRecord s)
    {
        SubscriberKey key = KeyOf(s);
        ulong low = key.Kind == SubscriberKind.Nat444 ? key.Low | MappedIpv4 : key.Low;
        return _clearing.Contains(key.High, low);
    }
}
