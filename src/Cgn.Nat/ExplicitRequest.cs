using Cgn.Contract.Records;

namespace Cgn.Nat;

/// <summary>An explicit mapping as a host or a gateway asks for it.</summary>
public struct ExplicitRequest
{
    /// <summary>Who asks, and for what.</summary>
    public ExplicitKind Kind;

    /// <summary>Transport protocol, as in the IPv4 header; GRE for a call.</summary>
    public byte Protocol;

    /// <summary>Internal port; the host's own call identifier for a call.</summary>
    public ushort InternalPort;

    /// <summary>Internal IPv4 address, host order.</summary>
    public uint InternalAddress;

    /// <summary>The only remote address to be admitted, 0 for any; a call must have one.</summary>
    public uint RemoteAddress;

    /// <summary>Remote port, 0 for any.</summary>
    public ushort RemotePort;

    /// <summary>External port or call identifier that is wished for, 0 for none. Only a port of the subscriber's own
    /// blocks can be had.</summary>
    public ushort SuggestedPort;

    /// <summary>External address that is wished for, 0 for none.</summary>
    public uint SuggestedAddress;

    /// <summary>Rather no mapping than another external endpoint (RFC 6887 section 13.2).</summary>
    public bool Exactly;

    /// <summary>How long it lives, in ticks; without meaning beside <see cref="Control"/>.</summary>
    public uint LifetimeTicks;

    /// <summary>First eight bytes of the nonce, as a big-endian number.</summary>
    public ulong NonceHigh;

    /// <summary>Last four bytes of the nonce.</summary>
    public uint NonceLow;

    /// <summary>Session of the control connection that keeps it, 0 for none.</summary>
    public uint Control;
}
