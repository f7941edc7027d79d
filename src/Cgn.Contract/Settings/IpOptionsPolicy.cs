namespace Cgn.Contract.Settings;

/// <summary>What becomes of IPv4 packets with options (RFC 1812 4.2.2.1, RFC 7126). Source routes never pass.</summary>
public enum IpOptionsPolicy : byte
{
    /// <summary>They pass unchanged.</summary>
    Pass = 0,

    /// <summary>Those that collect addresses or are obsolete are dropped: record route, timestamp, stream
    /// identifier.</summary>
    DropRecording = 1,

    /// <summary>All are dropped, but for padding.</summary>
    DropAll = 2,
}
