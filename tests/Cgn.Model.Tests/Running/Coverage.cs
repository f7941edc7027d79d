using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Forwarder;
using Cgn.Model.Tests.Nat;

namespace Cgn.Model.Tests.Running;

/// <summary>What runs have reached, so that one sees that they reach everything.</summary>
internal sealed class Coverage
{
    private readonly SortedDictionary<string, long> _reached = [];

    public long Operations { get; private set; }

    public long PacketsIn { get; private set; }

    public long PacketsOut { get; private set; }

    public void Count(ModelNat model)
    {
        Operations++;
        if (Operations % 16 != 0)
            return;
        foreach (ModelSession session in model.Sessions)
            Reach($"state {session.State}", 1);
        foreach (ModelMapping mapping in model.Mappings)
            Reach($"mapping {mapping.State}", 1);
    }

    public void Packets(int arrived, int left)
    {
        PacketsIn += arrived;
        PacketsOut += left;
    }

    public void Add(SimulatedGateway gateway, ModelNat model)
    {
        foreach (DropReason reason in Enum.GetValues<DropReason>())
            Reach($"drop {reason}", model.Drops(reason));
        foreach (CounterId id in Enum.GetValues<CounterId>().Where(id => id != CounterId.Count))
            Reach($"count {id}", gateway.Counter(id));
    }

    public long Of(string outcome) => _reached.GetValueOrDefault(outcome);

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine($"{Operations} operations, {PacketsIn} packets in, {PacketsOut} packets out");
        foreach ((string outcome, long times) in _reached.Where(pair => pair.Value != 0))
            text.AppendLine($"{times,12} {outcome}");
        return text.ToString();
    }

    private void Reach(string outcome, long times) =>
        _reached[outcome] = _reached.GetValueOrDefault(outcome) + times;
}
