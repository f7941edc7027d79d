using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Rates;

namespace Cgn.Nat;

// The walled garden: a plan whose subscribers reach only what is allowed. It holds from the packet after the plan was
// given, since in a garden no packet conforms to the rates that established traffic asks about: each is asked where it
// goes, and what goes elsewhere ends its session.
public sealed partial class NatShard
{
    /// <summary>There are plans whose subscribers are in the walled garden.</summary>
    public bool HasGardens => _plans.HasGardens;

    /// <summary>A subscriber is in the walled garden.</summary>
    public bool IsInGarden(in SubscriberRecord s) => _limits[s.Plan].IsGarden;

    /// <summary>
    /// A packet from inside belongs to somebody who is in the walled garden, or would be, and wants to leave it.
    /// </summary>
    /// <param name="key">Who sends.</param>
    /// <param name="flow">Its endpoints.</param>
    public bool IsWalledOff(in SubscriberKey key, in FlowKey flow)
    {
        if (!HasGardens)
            return false;
        uint subscriber = FindSubscriber(key);
        ushort plan = subscriber == 0 ? _plans.Find(key) : _subscribers[subscriber].Plan;
        return IsWalledOff(_limits[plan], flow);
    }

    /// <summary>A subscriber is in the walled garden, and an endpoint is not.</summary>
    /// <param name="s">The subscriber.</param>
    /// <param name="flow">The endpoints of a packet in either direction.</param>
    public bool IsWalledOff(in SubscriberRecord s, in FlowKey flow) => IsWalledOff(_limits[s.Plan], flow);

    /// <summary>Ends a session that leads out of the garden.</summary>
    /// <param name="session">A live session.</param>
    /// <param name="now">The time.</param>
    public void EndWalledOff(uint session, in WorkerTime now) => EndSession(session, now);

    /// <summary>A packet that the garden allows is within its subscriber's rate; if so, it is charged.</summary>
    /// <param name="s">The subscriber.</param>
    /// <param name="bytes">IPv4 bytes of the packet.</param>
    /// <param name="up">It goes towards the Internet.</param>
    /// <param name="nowNs">The time, in nanoseconds.</param>
    public bool ConformsInGarden(ref SubscriberRecord s, int bytes, bool up, long nowNs)
    {
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        return up
            ? RateBucket.TryTake(
                ref s.UpFullAtNs, nowNs, RateBucket.Cost(plan.UpCost, bytes, s.PacketsUp), plan.GardenUpDepthNs)
            : RateBucket.TryTake(
                ref s.DownFullAtNs, nowNs, RateBucket.Cost(plan.DownCost, bytes, s.PacketsDown),
                plan.GardenDownDepthNs);
    }

    private bool IsWalledOff(in PlanLimits plan, in FlowKey flow) =>
        plan.IsGarden && !_snapshot.WalledGarden.Allows(flow.RemoteAddress, flow.Protocol, flow.RemotePort);
}
