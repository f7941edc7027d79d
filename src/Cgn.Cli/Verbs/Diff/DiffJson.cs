using System.Linq;

using Cgn.Nat.Forecasts;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>The same for programs: an object to be serialised.</summary>
internal static class DiffJson
{
    /// <summary>Makes it.</summary>
    public static object Of(ConfigDiff diff) => new
    {
        against = diff.Against,
        applicable = diff.IsApplicable,
        keys = diff.Keys?.Select(static key => new { path = key.Path, old = key.Old, @new = key.New }),
        obstacles = diff.Obstacles,
        restart = diff.Restart is null ? null : new { keeps_state = diff.Restart.KeepsState, why = diff.Restart.Why },
        pools = diff.Pools.Select(static pool => new
        {
            id = pool.Name,
            change = pool.What,
            addresses_before = pool.Before,
            addresses_after = pool.After,
            addresses_gone = pool.Gone,
            addresses_draining = pool.Draining,
        }),
        static_subscribers_changed = diff.StaticEntries,
        state = diff.Forecast is null ? null : State(diff, diff.Forecast),
    };

    private static object State(ConfigDiff diff, Forecast forecast) => new
    {
        subscribers = forecast.Subscribers,
        port_blocks = forecast.Blocks,
        mappings = forecast.Mappings,
        sessions = forecast.Sessions,
        all_lost = diff.Restart is { KeepsState: false },
        plans_changed = forecast.PlansChanged,
        plans = forecast.Moves.Select(static move => new
        {
            from = move.From.Name,
            to = move.To.Name,
            asked = move.To.IsAsked,
            subscribers = move.Count,
        }),
        first = forecast.First.Select(move => new
        {
            subscriber = DiffText.Name(move.Subscriber, diff.Mask),
            from = move.From.Name,
            to = move.To.Name,
            asked = move.To.IsAsked,
        }),
        asked = forecast.Asked,
        refused = forecast.Refused,
        unmatched = forecast.Unmatched,
        without_aftr = forecast.WithoutAftr,
        readdressed = forecast.Readdressed,
        port_blocks_cut = forecast.BlocksCut,
        mappings_cut = forecast.MappingsCut,
        sessions_cut = forecast.SessionsCut,
        mappings_displaced = forecast.MappingsDisplaced,
        port_blocks_draining = forecast.BlocksDraining,
        sessions_denied = forecast.SessionsDenied,
    };
}
