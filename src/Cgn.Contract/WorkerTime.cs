namespace Cgn.Contract;

/// <summary>The time as a worker is handed it, once a turn.</summary>
/// <param name="NowNs">Nanoseconds of a clock that never runs back, from its own epoch.</param>
/// <param name="UnixMs">Milliseconds since 1970-01-01 UTC: what logs say.</param>
public readonly record struct WorkerTime(long NowNs, long UnixMs)
{
    /// <summary>The same in ticks.</summary>
    public uint Tick { get; } = Contract.Tick.At(NowNs);
}
