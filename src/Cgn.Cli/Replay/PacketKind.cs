namespace Cgn.Cli.Replay;

/// <summary>How a packet is told to belong to a flow.</summary>
internal enum PacketKind
{
    /// <summary>Its header can't be believed.</summary>
    Malformed,

    /// <summary>Ports of TCP.</summary>
    Tcp,

    /// <summary>Ports of UDP.</summary>
    Udp,

    /// <summary>The identifier of an ICMP query or reply.</summary>
    Query,

    /// <summary>What an ICMP error quotes.</summary>
    Error,

    /// <summary>Addresses alone.</summary>
    Other,

    /// <summary>A fragment without ports: the first one of its packet tells.</summary>
    LaterFragment,
}
