namespace Cgn.Control.Configuration.History;

/// <summary>A configuration that came into force.</summary>
/// <param name="Number">Counts up from 1 with every entry.</param>
/// <param name="Time">When, UTC, as in RFC 3339.</param>
/// <param name="Origin">What brought it: start, SIGHUP, API, or a rollback and to which number.</param>
/// <param name="Gateway">The gateway's name.</param>
/// <param name="Generation">Generation that the forwarder knows it by.</param>
/// <param name="Sha256">SHA-256 of the text, in hexadecimal.</param>
public sealed record HistoryEntry(
    int Number, string Time, string Origin, string Gateway, uint Generation, string Sha256);
