using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Control.State;
using Cgn.Wire;

namespace Cgn.Control.Trace;

/// <summary>
/// Answers who held a public address and port at a time, and what a subscriber held: by computation from the epochs in
/// deterministic mode, from the block log and the running gateway's records otherwise (RFC 6269 12, RFC 7422 2).
/// </summary>
/// <param name="blockLog">The block log, or null.</param>
/// <param name="directory">The state directory.</param>
public sealed class Tracer(string? blockLog, StateDirectory directory)
{
    /// <summary>All that is known; more than one when the skew leaves it open. Empty when nobody held it.</summary>
    public IReadOnlyList<Holder> Ask(TraceQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        IReadOnlyList<Epoch> epochs = EpochFile.Of(blockLog, directory).Read();
        List<Holder> found = StaticHoldings.Find(epochs, question);
        // What is computed is the same until the next whole one.
        Epoch[] whole = [.. epochs.Where(static epoch => !epoch.IsChange())];
        for (int i = 0; i < whole.Length; i++)
        {
            string? end = i + 1 < whole.Length ? whole[i + 1].Time : null;
            if (end != whole[i].Time)
                Ask(whole[i], end, question, found);
        }

        // An epoch is repeated at every start, and most that differ leave a subscriber what it had.
        found = [.. Whole(found).Where(holder => question.Meets(holder.From, holder.To))];
        if (blockLog is not null)
            found.AddRange(BlockHistory.Find(blockLog, question));
        AskRecords(question, found);
        return [.. Joined(found)];
    }

    /// <summary>Why "nobody" may mean that it is not known; null when the records reach the time.</summary>
    public string? Gap(TraceQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        EpochFile file = EpochFile.Of(blockLog, directory);
        IReadOnlyList<Epoch> epochs = file.Read();
        if (epochs.Count == 0)
            return $"{file.Path} is missing or empty; nothing can be computed without it, and 'cgn run' writes it";
        return question.Meets(epochs[0].Time, null)
            ? null
            : $"{file.Path} begins at {epochs[0].Time}; who held the port before is not known";
    }

    /// <summary>
    /// Blocks were given out at that time and nobody wrote down to whom: there is no block log. Then "nobody" would be
    /// no answer.
    /// </summary>
    public bool IsUnrecorded(TraceQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (blockLog is not null)
            return false;
        IReadOnlyList<Epoch> epochs = EpochFile.Of(blockLog, directory).Read();
        return epochs.Where((epoch, i) => !epoch.IsDeterministic()
            && question.Meets(epoch.Time, i + 1 < epochs.Count ? epochs[i + 1].Time : null)).Any();
    }

    private static void Ask(Epoch epoch, string? end, TraceQuestion question, List<Holder> found)
    {
        if (!epoch.IsDeterministic())
            return;
        PortPlan plan = epoch.ToPlan();
        SubscriberId who = default;
        bool isFound = question.Address is { } address
            ? plan.TryOwner(address.Value, question.Port, out who, out PortSet set)
            : TryFind(plan, question, out who, out set);
        if (isFound && question.IsAbout(Name(who, epoch)))
        {
            found.Add(new Holder(
                Name(who, epoch), new Ipv4Address(set.Address).ToString(), set.FirstPort, set.LastPort, epoch.Time, end,
                "computed"));
        }
    }

    private static bool TryFind(PortPlan plan, TraceQuestion question, out SubscriberId who, out PortSet set)
    {
        who = default;
        set = default;
        if (question.Subscriber is not { } asked)
            return false;
        SubscriberKind kind = asked.IsIpv6 ? SubscriberKind.DsLite : SubscriberKind.Nat444;
        who = new SubscriberId(kind, asked.High, asked.Low);
        return plan.TryFind(kind, asked.High, asked.Low, out set);
    }

    private static string Name(SubscriberId who, Epoch epoch) =>
        SubscriberText.Name(who.Kind, who.High, who.Low, epoch.SubscriberMaskV6);

    // What is held still need not stand in a log that has been rotated away.
    private void AskRecords(TraceQuestion question, List<Holder> found)
    {
        if (!System.IO.File.Exists(directory.StatusFile))
            return;
        try
        {
            using StateView view = StateView.Open(directory);
            int mask = view.Snapshot.Settings.SubscriberMaskV6;
            foreach (ShardView shard in view.Shards)
            {
                for (uint i = 1; i < shard.Blocks.Length; i++)
                    AskRecord(shard, shard.Blocks[i], mask, question, found);
            }
        }
        catch (StateException)
        {
            // Another program's state, or none: the log alone answers.
        }
    }

    private static void AskRecord(
        ShardView shard, BlockRecord block, int mask, TraceQuestion question, List<Holder> found)
    {
        string address = new Ipv4Address(block.ExternalAddress).ToString();
        if (block.Subscriber == 0 || block.Subscriber >= shard.Subscribers.Length
            || !question.IsAbout(address, block.FirstPort, block.LastPort))
        {
            return;
        }

        SubscriberRecord s = shard.Subscribers[block.Subscriber];
        string name = SubscriberText.Name(s.Kind, s.B4High, s.B4Low, mask);
        string from = UtcText.Of(DateTimeOffset.FromUnixTimeSeconds(block.AllocatedUnixSeconds));
        if (s.IsLive && question.IsAbout(name) && question.Meets(from, null))
            found.Add(new Holder(name, address, block.FirstPort, block.LastPort, from, null, "records"));
    }

    // Holdings that go on where an epoch ends are one.
    private static List<Holder> Whole(List<Holder> found)
    {
        List<Holder> whole = [];
        foreach (Holder holder in found)
        {
            int before = whole.FindIndex(one => one == holder with { From = one.From, To = one.To }
                && one.To == holder.From);
            if (before < 0)
                whole.Add(holder);
            else
                whole[before] = whole[before] with { To = holder.To };
        }

        return whole;
    }

    // The records say what the log, or computation, says better.
    private static IEnumerable<Holder> Joined(List<Holder> found) => found
        .Where(holder => holder.Source != "records" || !found.Any(other => other.Source != "records"
            && other.Subscriber == holder.Subscriber && other.ExternalAddress == holder.ExternalAddress
            && other.PortStart == holder.PortStart && other.To is null))
        .OrderBy(static holder => holder.From, StringComparer.Ordinal);
}
