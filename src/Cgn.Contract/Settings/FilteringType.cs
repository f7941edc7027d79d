namespace Cgn.Contract.Settings;

/// <summary>Whom a mapping admits from outside (RFC 4787 section 5).</summary>
public enum FilteringType : byte
{
    /// <summary>Anybody.</summary>
    EndpointIndependent = 0,

    /// <summary>Remote addresses that the internal endpoint has sent to.</summary>
    AddressDependent = 1,

    /// <summary>Remote endpoints that it has sent to.</summary>
    AddressAndPortDependent = 2,
}
