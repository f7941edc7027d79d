using System.Collections.Generic;

namespace Cgn.Nat.Forecasts;

/// <summary>What a running gateway would lose and change by another configuration: counts over all shards.</summary>
public sealed class Forecast
{
    /// <summary>Subscribers named one by one, at most.</summary>
    public const int NamedMax = 10;

    private readonly SortedDictionary<(PlanChoice From, PlanChoice To), long> _moves = new(Order.Instance);
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

    /// <summary>Subscribers whose plan would have another name, or who would be served no longer.</summary>
    public long PlansChanged { get; private set; }

    /// <summary>Of these, subscribers that would be refused: no plan would be left for them.</summary>
    public long Refused { get; private set; }

    /// <summary>Of these, subscribers that would be asked about, and would wait until there is an answer.</summary>
    public long Asked { get; private set; }

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

    /// <summary>Subscribers by what they have and would get.</summary>
    public IEnumerable<(PlanChoice From, PlanChoice To, long Count)> Moves
    {
        get
        {
            foreach (((PlanChoice from, PlanChoice to), long count) in _moves)
                yield return (from, to, count);
        }
    }

    /// <summary>The first subscribers whose plan would change.</summary>
    public IReadOnlyList<PlanMove> First => _first;

    /// <summary>Port blocks that would be taken back, by the number of their pool in the snapshot in force.</summary>
    public IReadOnlyDictionary<int, long> BlocksCutOfPool => _blocksOfPool;

    internal void CountMove(in PlanMove move)
    {
        PlansChanged++;
        Refused += move.To is { Name: null, IsAsked: false } ? 1 : 0;
        Asked += move.To.IsAsked ? 1 : 0;
        (PlanChoice, PlanChoice) pair = (move.From, move.To);
        _moves[pair] = _moves.GetValueOrDefault(pair) + 1;
        if (_first.Count < NamedMax)
            _first.Add(move);
    }

    internal void CountBlock(int pool)
    {
        BlocksCut++;
        _blocksOfPool[pool] = _blocksOfPool.GetValueOrDefault(pool) + 1;
    }

    // By name, whoever is not served first.
    private sealed class Order : IComparer<(PlanChoice From, PlanChoice To)>
    {
        public static readonly Order Instance = new();

        public int Compare((PlanChoice From, PlanChoice To) x, (PlanChoice From, PlanChoice To) y)
        {
            int from = Compare(x.From, y.From);
            return from != 0 ? from : Compare(x.To, y.To);
        }

        private static int Compare(PlanChoice x, PlanChoice y)
        {
            int name = string.CompareOrdinal(x.Name, y.Name);
            return name != 0 ? name : x.IsAsked.CompareTo(y.IsAsked);
        }
    }
}
