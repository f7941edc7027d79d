using System;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract.Records;
using Cgn.Memory.Arenas;
using Cgn.Nat;

namespace Cgn.Cli.Bench;

/// <summary>
/// What every worker's ports send: outbound from the population, inbound from what the gateway made of that. Lists are
/// in random order, so that
/// the generator reads memory in sequence while the tables are visited at random.
/// </summary>
internal sealed class BenchTraffic : IDisposable
{
    private readonly BenchCase _case;
    private readonly Population _population;
    private readonly Arena _memory = Arena.Private();

    /// <summary>Makes the outbound lists.</summary>
    public BenchTraffic(BenchCase benchCase, Population population, ulong seed)
    {
        _case = benchCase;
        _population = population;
        Book = new MappingBook(_memory, benchCase.Sessions);
        Outbound = Lists("outbound");
        Inbound = Lists("inbound");
        for (uint number = 0; number < benchCase.Sessions; number++)
            Outbound[Owner(number, seed)].Add(Template(number, Population.Remote(number)));
        Shuffle(Outbound, 1);
    }

    /// <summary>What the gateway made of the sessions.</summary>
    public MappingBook Book { get; }

    /// <summary>For the inside port of each worker.</summary>
    public TemplateList[] Outbound { get; }

    /// <summary>For the outside port of each worker; empty before <see cref="MakeInbound"/>.</summary>
    public TemplateList[] Inbound { get; }

    /// <summary>
    /// Makes the inbound lists, and puts the outbound ones into another order than that in which the sessions were
    /// made.
    /// </summary>
    public void MakeInbound()
    {
        for (uint number = 0; number < _case.Sessions; number++)
        {
            Endpoint external = External(number, out byte worker);
            Endpoint remote = Population.Remote(number);
            Inbound[worker].Add(TemplateMaker.Make(
                number, remote.Address, remote.Port, external.Address, external.Port, _population.PacketLength(number),
                b4High: 0));
        }

        Shuffle(Outbound, 2);
        Shuffle(Inbound, 3);
    }

    /// <summary>Makes outbound lists anew in which each session talks to its partner's external endpoint.</summary>
    public void MakeHairpin(ulong seed)
    {
        foreach (TemplateList list in Outbound)
            list.Clear();
        for (uint number = 0; number < _case.Sessions; number++)
            Outbound[Owner(number, seed)].Add(Template(number, External(Population.Partner(number), out _)));
        Shuffle(Outbound, 4);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private Endpoint External(uint number, out byte worker) =>
        Book.TryFind(number, out uint address, out ushort port, out worker)
            ? new Endpoint(address, port)
            : throw new BenchException($"session {number} was never seen outside");

    private FlowTemplate Template(uint number, Endpoint remote)
    {
        Endpoint inside = _population.Inside(number);
        return TemplateMaker.Make(
            number, inside.Address, inside.Port, remote.Address, remote.Port, _population.PacketLength(number),
            _population.B4High(number));
    }

    private int Owner(uint number, ulong seed)
    {
        if (_case.Workers == 1)
            return 0;
        SubscriberKey key = _population.IsDsLite(number)
            ? new SubscriberKey(_population.B4High(number), 0, SubscriberKind.DsLite)
            : new SubscriberKey(0, _population.Inside(number).Address, SubscriberKind.Nat444);
        return NatShard.ShardOf(key, _case.Workers, seed);
    }

    private TemplateList[] Lists(string name)
    {
        TemplateList[] lists = new TemplateList[_case.Workers];
        for (int i = 0; i < lists.Length; i++)
            lists[i] = new TemplateList(_memory, $"{name}{i}", _case.Sessions);
        return lists;
    }

    private static void Shuffle(TemplateList[] lists, ulong seed)
    {
        foreach (TemplateList list in lists)
            list.Shuffle(seed);
    }
}
