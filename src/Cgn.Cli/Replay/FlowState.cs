namespace Cgn.Cli.Replay;

/// <summary>
/// What one subscriber's flow has been through, and until when a correct gateway must and may keep its session. The
/// two times differ where standards leave a choice.
/// </summary>
internal struct FlowState
{
    /// <summary>Until this time, in nanoseconds, the session surely lives.</summary>
    internal long SureNs;

    /// <summary>After this time it surely doesn't.</summary>
    internal long MaybeNs;

    /// <summary>External address that its packets left with; 0 before the first.</summary>
    internal uint External;

    /// <summary>External port or identifier.</summary>
    internal ushort ExternalPort;

    /// <summary>What a TCP connection has been through.</summary>
    internal TcpMarks Marks;

    /// <summary>The session surely lives.</summary>
    internal readonly bool IsSure(long nowNs) => nowNs <= SureNs && External != 0;

    /// <summary>The session surely doesn't live.</summary>
    internal readonly bool IsGone(long nowNs) => nowNs > MaybeNs || External == 0;
}
