using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Metrics;
using Cgn.Control.State;
using Cgn.Wire;

namespace Cgn.Control.Api.Records;

/// <summary>The state at the time at which it is read, and how its values are written.</summary>
internal sealed class ReadMoment(StateView view)
{
    private readonly uint _tick = Tick.At(Monotonic.NowNs);
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public StateView View { get; } = view;

    public ConfigSnapshot Snapshot => View.Snapshot;

    public int MaskBits => Snapshot.Settings.SubscriberMaskV6;

    /// <summary>Largest softwire packet, in bytes: what the forwarder says is in force, or else the configuration.
    /// </summary>
    public int TunnelMtu =>
        View.Status.TunnelMtu is > 0 and int inForce ? inForce : Snapshot.Settings.TunnelMtu;

    /// <summary>RFC 3339 in UTC, as yang:date-and-time.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static string Address(uint address) => new Ipv4Address(address).ToString();

    /// <summary>When a tick was; null for tick 0, which stands for never.</summary>
    public string? Time(uint tick) =>
        tick == 0 ? null : Text(_now.AddMilliseconds(-1000.0 / Tick.PerSecond * (_tick - tick)));

    /// <summary>Seconds since a tick.</summary>
    public double SecondsSince(uint tick) => (_tick - tick) / (double)Tick.PerSecond;

    /// <summary>Whole seconds until a tick; 0 when it has passed.</summary>
    public long SecondsUntil(uint tick) =>
        Math.Max(0, ((int)(tick - _tick) + (int)Tick.PerSecond - 1) / (int)Tick.PerSecond);

    public string Subscriber(in SubscriberRecord s) => SubscriberText.Name(s.Kind, s.B4High, s.B4Low, MaskBits);

    /// <summary>The subscriber of a number; a record may change hands meanwhile, and its number then name nobody.
    /// </summary>
    public SubscriberRecord Owner(int shard, uint number) =>
        number < View.Shards[shard].Subscribers.Length ? View.Shards[shard].Subscribers[number] : default;

    /// <summary>The pool that an address is of; null for none.</summary>
    public string? Pool(uint address)
    {
        int pool = BlockUse.PoolOf(Snapshot.Pools, address);
        return pool < 0 ? null : Snapshot.Pools[pool].Name;
    }

    /// <summary>
    /// The plan that a number stands for, or that the policy which it stands for is granted on; null while whoever has
    /// it is not served.
    /// </summary>
    /// <param name="number">See <see cref="PlanNumber"/>.</param>
    /// <param name="granted">What was granted in place of what the plan says; empty where nothing was.</param>
    public PlanSettings? Plan(ushort number, out PolicyRecord granted)
    {
        granted = default;
        if (number < PlanNumber.ConfiguredMax)
            return number < Snapshot.Plans.Length ? Snapshot.Plans[number] : null;
        if (!View.TryPolicy(number, out granted))
            return null;
        string? name = State.Listings.PlanText.Plan(View, number);
        return Array.Find(Snapshot.Plans, plan => plan.Name == name);
    }
}
