namespace Cgn.Contract.Records;

/// <summary>Who asked for an explicit mapping, and for what. Numbers are part of the record layout.</summary>
public enum ExplicitKind : byte
{
    /// <summary>None: a free record.</summary>
    None = 0,

    /// <summary>The host, to be reached by anybody (PCP MAP, RFC 6887 section 11).</summary>
    Map = 1,

    /// <summary>The host, to keep what its traffic has made (PCP PEER, RFC 6887 section 12).</summary>
    Peer = 2,

    /// <summary>
    /// A gateway, for one call of PPTP: the ports are call identifiers of GRE (RFC 2637), and only the remote end of
    /// the control connection is admitted.
    /// </summary>
    Call = 3,

    /// <summary>A gateway, for a connection that its host expects (RFC 959: active FTP).</summary>
    Pinhole = 4,
}
