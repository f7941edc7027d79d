using System;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Rates;

namespace Cgn.Pipeline;

/// <summary>What the slow ways read of a snapshot about ICMP, worked out once.</summary>
public sealed class IcmpPolicy
{
    private const long NsPerSecond = 1_000_000_000;
    private const int BurstMin = 10;

    private readonly long _costNs;
    private readonly long _costNs6;
    private readonly int _dscp;

    /// <summary>Works it out.</summary>
    public IcmpPolicy(in GatewaySettings settings)
    {
        // Each worker has its share of the rate, so that all together keep it.
        _costNs = NsPerSecond * settings.ShardCount / Math.Max(1, settings.IcmpErrorsPerSecond);
        _costNs6 = NsPerSecond * settings.ShardCount / Math.Max(1, settings.Icmpv6ErrorsPerSecond);
        _dscp = settings.IcmpDscp;
        ToInside = settings.IcmpErrorsInside;
        ToOutside = settings.IcmpErrorsOutside;
        Exhaustion = settings.ExhaustionAnswer;
        PoolPing = settings.PoolPing;
        VerifyQuotedHeader = settings.VerifyQuotedHeader;
        OutboundMtuMin = settings.OutboundMtuMin;
    }

    /// <summary>We send errors to the inside, ICMPv6 errors to B4s among them.</summary>
    public bool ToInside { get; }

    /// <summary>We send errors to the outside.</summary>
    public bool ToOutside { get; }

    /// <summary>What a host hears when something has run out.</summary>
    public ExhaustionAnswer Exhaustion { get; }

    /// <summary>Pings of pool addresses are answered.</summary>
    public bool PoolPing { get; }

    /// <summary>The checksum of a quoted header must be right.</summary>
    public bool VerifyQuotedHeader { get; }

    /// <summary>Smallest MTU that an outbound fragmentation needed may name, in bytes; 0 for any.</summary>
    public int OutboundMtuMin { get; }

    /// <summary>Type of service of an error about a packet; never with a mark of congestion.</summary>
    /// <param name="tos">The packet's.</param>
    public byte ErrorTos(byte tos) => (byte)(_dscp < 0 ? tos & 0xFC : _dscp << 2);

    /// <summary>Whether an ICMP error or reply may be sent now; if so it is charged.</summary>
    /// <param name="fullAtNs">The worker's bucket.</param>
    /// <param name="now">The time.</param>
    public bool TryTake(ref long fullAtNs, in WorkerTime now) => TryTake(ref fullAtNs, now, _costNs);

    /// <summary>The same for ICMPv6.</summary>
    /// <param name="fullAtNs">The worker's bucket.</param>
    /// <param name="now">The time.</param>
    public bool TryTake6(ref long fullAtNs, in WorkerTime now) => TryTake(ref fullAtNs, now, _costNs6);

    // A tenth of a second's worth may come at once, and a few whatever the rate.
    private static bool TryTake(ref long fullAtNs, in WorkerTime now, long costNs) =>
        RateBucket.TryTake(ref fullAtNs, now.NowNs, costNs, Math.Max(NsPerSecond / 10, costNs * BurstMin));
}
