using System;
using System.Collections.Generic;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;

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
            Outbound[_population.Owner(number, seed)].Add(Template(number, Population.Remote(number)));
        Shuffle(Outbound, 1, 1);
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

        Shuffle(Outbound, 2, 1);
        Shuffle(Inbound, 3, 1);
    }

    /// <summary>Makes both lists anew, of datagrams in two fragments each.</summary>
    public void MakeFragments(ulong seed)
    {
        Clear(Outbound);
        for (uint number = 0; number < _case.Sessions; number++)
        {
            Endpoint external = External(number, out byte worker);
            Endpoint remote = Population.Remote(number);
            int length = _population.PacketLength(number);
            AddBoth(Outbound[_population.Owner(number, seed)], TemplateMaker.MakeFragments(
                number, _population.Inside(number), remote, length, _population.B4High(number)));
            AddBoth(Inbound[worker], TemplateMaker.MakeFragments(number, remote, external, length, b4High: 0));
        }

        Shuffle(Outbound, 2, _case.FragmentsPerPacket);
        Shuffle(Inbound, 3, _case.FragmentsPerPacket);
    }

    /// <summary>Has the outbound softwire packets cut into two from now on, in another order.</summary>
    public void CutOutbound()
    {
        foreach (TemplateList list in Outbound)
            list.FramesPerTemplate = PieceWriter.Pieces;
        Shuffle(Outbound, 2, 1);
    }

    /// <summary>Makes inbound lists of packets to ports that nobody has, one for each session.</summary>
    public void MakeScan(ConfigSnapshot snapshot)
    {
        ScanMaker free = new(_memory, snapshot, Book);
        for (uint number = 0; number < _case.Sessions; number++)
        {
            Endpoint target = free.Find(number, External(number, out _).Address, out int worker);
            Endpoint remote = Population.Remote(number);
            Inbound[worker].Add(TemplateMaker.Make(
                number, remote.Address, remote.Port, target.Address, target.Port, _population.PacketLength(number),
                b4High: 0));
        }

        Shuffle(Inbound, 3, 1);
    }

    /// <summary>Makes outbound lists anew in which each session talks to its partner's external endpoint.</summary>
    public void MakeHairpin(ulong seed)
    {
        Clear(Outbound);
        for (uint number = 0; number < _case.Sessions; number++)
        {
            Endpoint partner = External(Population.Partner(number), out _);
            Outbound[_population.Owner(number, seed)].Add(Template(number, partner));
        }

        Shuffle(Outbound, 4, 1);
    }

    /// <summary>Which list goes into which port while it is measured.</summary>
    public IEnumerable<(TemplateList List, GeneratorPort Port)> Senders(BenchGateway gateway)
    {
        for (int i = 0; i < _case.Workers; i++)
        {
            int to = _case.Misdirected ? (i + 1) % _case.Workers : i;
            if (_case.Direction != BenchDirection.In)
                yield return (Outbound[i], gateway.Inside[to]);
            if (_case.Direction != BenchDirection.Out)
                yield return (Inbound[i], gateway.Outside[to]);
        }
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

    private TemplateList[] Lists(string name)
    {
        TemplateList[] lists = new TemplateList[_case.Workers];
        for (int i = 0; i < lists.Length; i++)
            lists[i] = new TemplateList(_memory, $"{name}{i}", _case.TemplateCapacity);
        return lists;
    }

    private static void AddBoth(TemplateList list, (FlowTemplate First, FlowTemplate Later) fragments)
    {
        list.Add(fragments.First);
        list.Add(fragments.Later);
    }

    private static void Clear(TemplateList[] lists)
    {
        foreach (TemplateList list in lists)
            list.Clear();
    }

    private static void Shuffle(TemplateList[] lists, ulong seed, uint together)
    {
        foreach (TemplateList list in lists)
            list.Shuffle(seed, together);
    }
}
