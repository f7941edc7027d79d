namespace Cgn.Softwire;

/// <summary>How much one worker's <see cref="Ipv4FragmentTable"/> holds at most (RFC 4787 REQ-14a, RFC 8512
/// fragments-limit).</summary>
public readonly record struct FragmentLimits
{
    /// <summary>The defaults, enough for thousands of fragmented datagrams in flight and small beside a worker's
    /// frames.</summary>
    public FragmentLimits()
    {
    }

    /// <summary>Datagrams known at once, finished ones included: 1 to 2^20.</summary>
    public int Datagrams { get; init; } = 8192;

    /// <summary>Unfinished datagrams of one subscriber.</summary>
    public int DatagramsPerSubscriber { get; init; } = 512;

    /// <summary>Unfinished datagrams to one external address.</summary>
    public int DatagramsPerExternal { get; init; } = 2048;

    /// <summary>Frames that wait for their first fragments: 1 to 2^20.</summary>
    public int Frames { get; init; } = 2048;

    /// <summary>Frames that wait, of one subscriber.</summary>
    public int FramesPerSubscriber { get; init; } = 128;

    /// <summary>Frames that wait, to one external address.</summary>
    public int FramesPerExternal { get; init; } = 512;

    /// <summary>Frames that wait for the same first fragment: what a caller of <see cref="Ipv4FragmentTable.Release"/>
    /// makes room for.</summary>
    public int FramesPerDatagram { get; init; } = 64;
}
