namespace Cgn.Model.Tests.Nat;

/// <summary>What is known of one side of a TCP connection.</summary>
internal sealed class TcpSide
{
    /// <summary>The sequence number that follows its last byte.</summary>
    public uint End { get; set; }

    /// <summary>The largest window that it has offered, in units of its scale.</summary>
    public int Window { get; set; }

    /// <summary>Its window scale (RFC 7323), null while it has announced none.</summary>
    public int? Scale { get; set; }
}
