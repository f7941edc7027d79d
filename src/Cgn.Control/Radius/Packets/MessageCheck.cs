namespace Cgn.Control.Radius.Packets;

/// <summary>What a packet's Message-Authenticator says (RFC 2869 §5.14).</summary>
public enum MessageCheck
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>The packet comes from somebody who knows the secret, unchanged.</summary>
    Right,

    /// <summary>It does not, or there are several.</summary>
    Wrong,
}
