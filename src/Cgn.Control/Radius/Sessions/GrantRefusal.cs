namespace Cgn.Control.Radius.Sessions;

/// <summary>Why something can't be granted.</summary>
/// <param name="Cause">As it stands in a refusal of a change.</param>
/// <param name="Why">For the operator.</param>
internal sealed record GrantRefusal(ErrorCause Cause, string Why);
