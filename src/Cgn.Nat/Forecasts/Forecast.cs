using System;
using System.Collections.Generic;

namespace Cgn.Nat.Forecasts;

/// <summary>What a running gateway would lose and change by another configuration: counts over all shards.</summary>
public sealed class Forecast
{
    /// <summary>Subscribers named one by one, at most.</summary>
    public const int NamedMax = 10;

    private readonly SortedDictionary<(string From, string To), long> _moves = new(Order.Instance);
    private readonly SortedDictionary<int, long> _blocksOfPool = [];
    private readonly List<PlanMove> _first = [];

    /// <summary>Subscribers that have a record.</summary>
    public long Subscribers { get; internal set; }

    /// <summary>Sessions that exist.</summary>
    public long Sessions { get; internal set; }

    /// <summary>Mappings that exist, held ones included.</summary>
    public long Mappings { get; internal set; }

    /// <summary>Port blocks that subscribers have.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Subscribers whose plan would have another name, those that would be refused included.</summary>
    public long PlansChanged { get; private set; }

    /// <summary>Of these, subscribers that would be refused: no plan would be left for them.</summary>
    public long Refused { get; private set; }

    /// <summary>
    /// Subscribers that the sources would hold no longer (RFC 6333 section 11): their packets would be dropped.
    /// </summary>
    public long Unmatched { get; internal set; }

    /// <summary>Subscribers whose B4 sends to an AFTR address that would be gone.</summary>
    public long WithoutAftr { get; internal set; }

    /// <summary>Subscribers whose public address would be gone, so that they get another.</summary>
    public long Readdressed { get; internal set; }

    /// <summary>Port blocks that would be taken back.</summary>
    public long BlocksCut { get; private set; }

    /// <summary>Mappings that would end.</summary>
    public long MappingsCut { get; internal set; }

    /// <summary>Sessions that would end with them.</summary>
    public long SessionsCut { get; internal set; }

    /// <summary>Of the mappings that would end, those that make way for a static mapping.</summary>
    public long MappingsDisplaced { get; internal set; }

    /// <summary>Sessions that a new rule of the access lists would refuse; they stay until they end.</summary>
    public long SessionsDenied { get; internal set; }

    /// <summary>Port blocks on addresses that would begin to drain; they stay until they are given back.</summary>
    public long BlocksDraining { get; internal set; }

    /// <summary>Subscribers by the plan that they have and would get; null stands for refusal.</summary>
    public IEnumerable<(string? From, string? To, long Count)> Moves
    {
        get
        {
            foreach (((string from, string to), long count) in _moves)
                yield return (Name(from), Name(to), count);
        }
    }

    /// <summary>The first subscribers whose plan would change.</summary>
    public IReadOnlyList<PlanMove> First => _first;

    /// <summary>Port blocks that would be taken back, by the number of their pool in the snapshot in force.</summary>
    public IReadOnlyDictionary<int, long> BlocksCutOfPool => _blocksOfPool;

    internal void CountMove(in PlanMove move)
    {
        PlansChanged++;
        Refused += move.To is null ? 1 : 0;
        (string, string) pair = (move.From ?? "", move.To ?? "");
        _moves[pair] = _moves.GetValueOrDefault(pair) + 1;
        if (_first.Count < NamedMax)
            _first.Add(move);
    }

    internal void CountBlock(int pool)
    {
        BlocksCut++;
        _blocksOfPool[pool] = _blocksOfPool.GetValueOrDefault(pool) + 1;
    }

    private static string? Name(string plan) => plan.Length == 0 ? null : plan;

    private sealed class Order : IComparer<(string From, string To)>
    {
        public static readonly Order Instance = new();

        public int Compare((string From, string To) x, (string From, string To) y)
        {
            int from = string.CompareOrdinal(x.From, y.From);
            return from != 0 ? from : string.CompareOrdinal(x.To, y.To);
        }
    }
}
