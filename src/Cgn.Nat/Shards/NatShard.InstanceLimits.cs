using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Rates;

namespace Cgn.Nat;

// What all subscribers together may have (RFC 8512 mapping-limits and connection-limits). Each shard has its share,
// since subscribers are spread evenly over the shards. Five of each: of all protocols, then by class of protocol.
public sealed partial class NatShard
{
    private const int InstanceKinds = 5;
    private const long SetupDepthNs = 1_000_000_000;

    private readonly uint[] _mappingsMax = new uint[InstanceKinds];
    private readonly long[] _setupCostsNs = new long[InstanceKinds];
    private readonly long[] _setupsFullAtNs = new long[InstanceKinds];
    private uint _subscribersMax;
    private bool _limitsMappings;
    private bool _limitsSetups;

    private void TakeInstanceLimits()
    {
        InstanceLimits limits = _settings.Limits;
        _subscribersMax = Share(limits.Subscribers);
        ReadOnlySpan<uint> mappings =
        [
            limits.Mappings, limits.MappingsUdp, limits.MappingsTcp, limits.MappingsIcmp, limits.MappingsOther,
        ];
        ReadOnlySpan<uint> rates =
        [
            limits.SetupRate, limits.SetupRateUdp, limits.SetupRateTcp, limits.SetupRateIcmp, limits.SetupRateOther,
        ];
        _limitsMappings = mappings.ContainsAnyExcept(0u);
        _limitsSetups = rates.ContainsAnyExcept(0u);
        for (int i = 0; i < InstanceKinds; i++)
        {
            _mappingsMax[i] = Share(mappings[i]);
            _setupCostsNs[i] = RateBucket.CostPerUnit((double)rates[i] / _shardCount) >> RateBucket.CostShift;
        }
    }

    private uint Share(uint limit) => limit == 0 ? uint.MaxValue : Math.Max(1, limit / (uint)_shardCount);

    private bool HasMappingsLeft(byte protocol)
    {
        if (!_limitsMappings)
            return true;
        int kind = NatProtocol.Class(protocol);
        long all = 0;
        for (int i = 0; i < InstanceKinds - 1; i++)
            all += MappingsOf(i);
        return all < _mappingsMax[0] && MappingsOf(kind) < _mappingsMax[kind + 1];
    }

    private long MappingsOf(int kind) =>
        _counters[CounterId.MappingsCreatedUdp + kind] - _counters[CounterId.MappingsExpiredUdp + kind];

    // A second's worth may come at once.
    private bool MaySetUp(byte protocol, in WorkerTime now)
    {
        if (!_limitsSetups)
            return true;
        int kind = NatProtocol.Class(protocol) + 1;
        return TryTakeSetup(kind, now) && TryTakeSetup(0, now);
    }

    private bool TryTakeSetup(int kind, in WorkerTime now) => RateBucket.TryTake(
        ref _setupsFullAtNs[kind], now.NowNs, _setupCostsNs[kind], Math.Max(SetupDepthNs, _setupCostsNs[kind]));
}
