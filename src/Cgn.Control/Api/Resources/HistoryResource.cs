using Cgn.Control.Configuration.History;

namespace Cgn.Control.Api.Resources;

/// <summary>A configuration of the history.</summary>
public sealed record HistoryResource
{
    /// <summary>Counts up from 1 with every entry.</summary>
    public required int Number { get; init; }

    /// <summary>When it came into force.</summary>
    public required string Time { get; init; }

    /// <summary>What brought it: start, SIGHUP, API, or a rollback and to which number.</summary>
    public required string Origin { get; init; }

    /// <summary>Number by which the forwarder knew it; null: it was set aside and never in force.</summary>
    public uint? Generation { get; init; }

    /// <summary>SHA-256 of its text, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>It is the one in force.</summary>
    public required bool InForce { get; init; }

    internal static HistoryResource Of(HistoryEntry entry, HistoryEntry? inForce) => new()
    {
        Number = entry.Number,
        Time = entry.Time,
        Origin = entry.Origin,
        Generation = entry.Generation == 0 ? null : entry.Generation,
        Sha256 = entry.Sha256,
        InForce = entry.Number == inForce?.Number,
    };
}
