namespace Cgn.Contract.Settings;

/// <summary>What becomes of one protocol that is not translated by ports.</summary>
public enum ProtocolRule : byte
{
    /// <summary>What becomes of all others: <see cref="GatewaySettings.OtherProtocols"/>.</summary>
    AsOther = 0,

    /// <summary>
    /// Carried by an address-only mapping: one internal host for each external address and remote.
    /// </summary>
    AddressOnly = 1,

    /// <summary>Dropped, counted, and answered with ICMP protocol unreachable.</summary>
    Drop = 2,
}
