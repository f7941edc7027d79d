using Cgn.Contract;
using Cgn.Contract.Records;

namespace Cgn.Pipeline.Gateways;

/// <summary>What a gateway listens in on: whose packet this is, and which way it goes.</summary>
internal readonly ref struct Talk(GatewayState state, uint session, bool outbound, WorkerTime now)
{
    // A payload must not open what serves others: a host's own well-known services (RFC 2577 section 3).
    private const ushort PortMin = 1024;

    /// <summary>What the stages work on.</summary>
    public GatewayState State { get; } = state;

    /// <summary>Number of the session.</summary>
    public uint Session { get; } = session;

    /// <summary>The packet goes from inside to outside.</summary>
    public bool Outbound { get; } = outbound;

    /// <summary>The time.</summary>
    public WorkerTime Now { get; } = now;

    /// <summary>The session.</summary>
    public ref readonly SessionRecord Record => ref State.Nat.Session(Session);

    /// <summary>Makes an endpoint of the session's host reachable.</summary>
    /// <param name="protocol">Its transport protocol.</param>
    /// <param name="port">Its internal port.</param>
    /// <param name="remote">Who is expected, 0 for anybody.</param>
    /// <param name="isPair">The port after it as well.</param>
    /// <param name="address">Its external address.</param>
    /// <param name="external">Its external port.</param>
    /// <returns>False when it could not be had.</returns>
    public bool TryOpen(byte protocol, ushort port, uint remote, bool isPair, out uint address, out ushort external)
    {
        uint mapping = port < PortMin ? 0
            : isPair ? State.Nat.ExpectPair(Session, protocol, port, remote, Now)
            : State.Nat.Expect(Session, protocol, port, remote, Now);
        ref readonly MappingRecord m = ref State.Nat.Mapping(mapping);
        address = m.ExternalAddress;
        external = m.ExternalPort;
        return mapping != 0;
    }
}
