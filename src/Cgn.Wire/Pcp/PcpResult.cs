namespace Cgn.Wire;

/// <summary>Result codes of PCP (RFC 6887 section 7.4).</summary>
public enum PcpResult : byte
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Not a version that we speak.</summary>
    UnsupportedVersion = 1,

    /// <summary>Not for this client.</summary>
    NotAuthorized = 2,

    /// <summary>Not to be understood.</summary>
    MalformedRequest = 3,

    /// <summary>Not an opcode that we know.</summary>
    UnsupportedOpcode = 4,

    /// <summary>A mandatory option that we don't know or don't allow.</summary>
    UnsupportedOption = 5,

    /// <summary>An option that is wrong, too often there, or out of place.</summary>
    MalformedOption = 6,

    /// <summary>Something has run out here.</summary>
    NoResources = 8,

    /// <summary>A protocol, or all protocols, that can't be mapped.</summary>
    UnsupportedProtocol = 9,

    /// <summary>The client has all that it may have.</summary>
    UserExceedsQuota = 10,

    /// <summary>The suggested external endpoint, and no other, was wanted and can't be had.</summary>
    CannotProvideExternal = 11,

    /// <summary>The client does not have the address that it thinks it has: there is a NAT between.</summary>
    AddressMismatch = 12,
}
