using System.Collections.Generic;

namespace Cgn.Control.Api.Resources;

/// <summary>Part of a table.</summary>
/// <typeparam name="T">What it lists.</typeparam>
/// <param name="Items">
/// What was found; fewer than asked for, or none, where the search has to go on at the cursor.
/// </param>
/// <param name="NextCursor">Where the next part begins; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
