using System.Collections.Generic;

namespace Cgn.Control.Api.Resources;

/// <summary>Events that came after a number.</summary>
/// <param name="Items">The events, oldest first.</param>
/// <param name="Last">Number of the last event looked at: the next question's after.</param>
/// <param name="Missed">Events that came and went before they could be told here; 0 as a rule.</param>
public sealed record EventPage(IReadOnlyList<EventResource> Items, long Last, long Missed);
