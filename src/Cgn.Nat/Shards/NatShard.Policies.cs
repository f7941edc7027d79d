using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Subscribers whose plan the control plane says, and those that are not served until it has.
public sealed partial class NatShard
{
    // While packets keep coming: a lost question, or a control plane that was away, delays the answer by no more.
    // Whoever was refused is asked for less often; when it may be again is for the control plane to know.
    private const uint AskPendingEveryTicks = 5 * Tick.PerSecond;
    private const uint AskRefusedEveryTicks = 30 * Tick.PerSecond;

    /// <summary>
    /// Gives one subscriber a plan. Its mappings stay, unless the plan is refusal: then <see cref="IsClearing"/> may be
    /// true until <see cref="ContinueClear"/> has ended them.
    /// </summary>
    /// <param name="key">The subscriber.</param>
    /// <param name="plan">Number of the plan: see <see cref="PlanNumber"/>.</param>
    /// <param name="now">The time.</param>
    /// <returns>
    /// False, and nothing has changed, where there is no such subscriber, where the configuration names it, or where
    /// the plan can't be given.
    /// </returns>
    public bool SetPlan(in SubscriberKey key, ushort plan, in WorkerTime now)
    {
        uint subscriber = FindSubscriber(key);
        if (subscriber == 0 || _plans.IsNamed(key) || !_plans.CanGive(plan))
            return false;
        ref SubscriberRecord s = ref _subscribers[subscriber];
        s.Plan = plan;
        s.LimitHitAt = 0;
        if (s.CreatedAt == 0)
            s.LastActive = now.Tick;
        _counters[CounterId.PlansSet]++;
        if (plan != PlanNumber.Refused)
            return true;
        s.LimitHitAt = Stamp(now.Tick);
        if ((s.SessionCount | s.MappingCount | s.BlockCount) != 0)
            BeginForget(subscriber, keepsRecord: true);
        return true;
    }

    /// <summary>
    /// Begins to forget one subscriber, which <see cref="ContinueClear"/> does; what is left of it, or comes anew, has
    /// the plan of an unknown one.
    /// </summary>
    /// <param name="key">The subscriber.</param>
    public void BeginRelease(in SubscriberKey key)
    {
        uint subscriber = FindSubscriber(key);
        if (subscriber == 0)
            return;
        ref SubscriberRecord s = ref _subscribers[subscriber];
        // At once, so that nothing more is made of what it had while that is being ended.
        s.Plan = _plans.Find(key);
        s.LimitHitAt = 0;
        BeginForget(subscriber, keepsRecord: false);
    }

    private bool IsServed(in SubscriberRecord s) => _limits[s.Plan].BlocksMax != 0;

    private static DropReason Unserved(ushort plan) =>
        plan == PlanNumber.Pending ? DropReason.SubscriberPending : DropReason.SubscriberRefused;

    // A subscriber that is not served sends: its record stays while it does, and the control plane is asked about it.
    private DropReason TurnAway(uint subscriber, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        if (_plans.AsksUnknown)
        {
            s.LastActive = now.Tick;
            AskPolicy(subscriber, now);
        }

        return Unserved(s.Plan);
    }

    private void AskPolicy(uint subscriber, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        uint every = s.Plan == PlanNumber.Pending ? AskPendingEveryTicks : AskRefusedEveryTicks;
        // A question can be put again: it never takes the place of what must be recorded.
        if ((s.LimitHitAt != 0 && now.Tick - s.LimitHitAt < every)
            || _events is null || _events.Free < _events.Capacity / 2)
        {
            return;
        }

        Kept(ref s.LimitHitAt) = Stamp(now.Tick);
        ForwarderEvent told = Event(EventKind.PolicyWanted, subscriber, now.UnixMs);
        // Its access line is known by the whole address.
        told.SubscriberHigh = s.B4High;
        told.SubscriberLow = s.B4Low;
        Tell(ref told);
        _counters[CounterId.PolicyQuestions]++;
        Commit();
    }
}
