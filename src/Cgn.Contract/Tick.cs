namespace Cgn.Contract;

/// <summary>
/// Coarse time in records: 100 ms since the epoch of the worker's clock, 32 bits, good for 13 years. Differences
/// are taken modulo 2^32.
/// </summary>
public static class Tick
{
    /// <summary>Nanoseconds a tick.</summary>
    public const long Nanoseconds = 100_000_000;

    /// <summary>Ticks a second.</summary>
    public const uint PerSecond = 10;

    /// <summary>The tick of a time.</summary>
    /// <param name="nowNs">Nanoseconds since the clock's epoch, not negative.</param>
    public static uint At(long nowNs) => (uint)(nowNs / Nanoseconds);
}
