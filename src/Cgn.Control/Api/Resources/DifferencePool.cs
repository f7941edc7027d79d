using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>A pool whose addresses another configuration changes; numbers are texts of digits.</summary>
/// <param name="PoolId">Its id.</param>
/// <param name="Change">added, removed, replaced, shrunk, changed, grown or drained.</param>
/// <param name="AddressesBefore">Addresses in force.</param>
/// <param name="AddressesAfter">Addresses to be.</param>
/// <param name="AddressesGone">Addresses that it would have no longer.</param>
/// <param name="AddressesDraining">Addresses that would begin to drain.</param>
[JsonNumberHandling(JsonNumberHandling.WriteAsString)]
public sealed record DifferencePool(
    string PoolId, string Change, ulong AddressesBefore, ulong AddressesAfter, ulong AddressesGone,
    ulong AddressesDraining);
