namespace Cgn.Cli.Bench;

/// <summary>The figures of one case; the names are those of the JSON output, in words.</summary>
internal sealed record BenchResult
{
    /// <summary>Scenario, as on the command line.</summary>
    public required string Scenario { get; init; }

    /// <summary>Direction, as on the command line.</summary>
    public required string Direction { get; init; }

    /// <summary>Sessions.</summary>
    public required uint Sessions { get; init; }

    /// <summary>Subscribers.</summary>
    public required uint Subscribers { get; init; }

    /// <summary>Frame size, as on the command line.</summary>
    public required string Frame { get; init; }

    /// <summary>Workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Every packet arrived at a wrong worker.</summary>
    public required bool Misdirected { get; init; }

    /// <summary>Million packets a second, all workers together, with the benchmark's own time taken out.</summary>
    public required double Mpps { get; init; }

    /// <summary>The same with the benchmark's own time in it: what really went through a second.</summary>
    public required double MppsGross { get; init; }

    /// <summary>Nanoseconds of a worker that a packet takes, the benchmark's own taken out.</summary>
    public required double NsPerPacket { get; init; }

    /// <summary>
    /// Nanoseconds a packet of the reference loop: making the frame, handing it over, taking it back, the clock.
    /// </summary>
    public required double GeneratorNsPerPacket { get; init; }

    /// <summary>New sessions a second, all workers together.</summary>
    public required double SetupPerSecond { get; init; }

    /// <summary>Bytes that the workers' threads allocated on the managed heap while it was measured.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Garbage collections of the process meanwhile.</summary>
    public required long Collections { get; init; }

    /// <summary>Arena and indexes, divided by the sessions.</summary>
    public required double BytesPerSession { get; init; }

    /// <summary>Bytes of the arena: records, counters, rings.</summary>
    public required ulong ArenaBytes { get; init; }

    /// <summary>Bytes of the indexes.</summary>
    public required ulong IndexBytes { get; init; }

    /// <summary>Frames dropped while it was measured.</summary>
    public required long Drops { get; init; }

    /// <summary>Half of the frames were in a turn that took less, in nanoseconds (a power of two).</summary>
    public required long TurnP50Ns { get; init; }

    /// <summary>99 in 100 frames were in a turn that took less.</summary>
    public required long TurnP99Ns { get; init; }

    /// <summary>9,999 in 10,000 frames were in a turn that took less.</summary>
    public required long TurnP9999Ns { get; init; }

    /// <summary>Million packets a second of each window, gross.</summary>
    public required double[] Windows { get; init; }

    /// <summary>Where it was measured.</summary>
    public required string Machine { get; init; }
}
