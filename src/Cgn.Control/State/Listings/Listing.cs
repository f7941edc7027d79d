using System.Collections.Generic;

namespace Cgn.Control.State.Listings;

/// <summary>A table for people and programs.</summary>
/// <param name="Columns">Names in snake case: headings, and the keys of JSON objects.</param>
/// <param name="Rows">
/// Values in the order of the columns: texts, numbers, booleans or null. Read from the state while they are enumerated.
/// </param>
public sealed record Listing(IReadOnlyList<string> Columns, IEnumerable<object?[]> Rows);
