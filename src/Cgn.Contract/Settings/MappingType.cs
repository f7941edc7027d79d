namespace Cgn.Contract.Settings;

/// <summary>How far a mapping is shared among remote endpoints (RFC 4787 section 4.1).</summary>
public enum MappingType : byte
{
    /// <summary>One mapping for all remote endpoints.</summary>
    EndpointIndependent = 0,

    /// <summary>One for each remote address.</summary>
    AddressDependent = 1,

    /// <summary>One for each remote address and port.</summary>
    AddressAndPortDependent = 2,
}
