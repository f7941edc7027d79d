namespace Cgn.Contract.Settings;

/// <summary>What becomes of protocols without ports and without a rule of their own.</summary>
public enum OtherProtocols : byte
{
    /// <summary>
    /// Carried by an address-only mapping: one internal host for each protocol, external address and remote.
    /// </summary>
    AddressOnly = 0,

    /// <summary>Dropped and counted.</summary>
    Drop = 1,
}
