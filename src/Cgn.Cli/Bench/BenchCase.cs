namespace Cgn.Cli.Bench;

/// <summary>One line of the table: everything that a figure depends on but the machine.</summary>
/// <param name="Scenario">What the subscribers are and do.</param>
/// <param name="Direction">Which ways packets go.</param>
/// <param name="Sessions">Sessions, all of them visited.</param>
/// <param name="Subscribers">Subscribers, at most as many as sessions.</param>
/// <param name="Frames">How long frames are.</param>
/// <param name="Workers">Workers, each with a thread.</param>
/// <param name="WindowMs">How long one of the windows lasts that a median is taken of, in milliseconds.</param>
internal sealed record BenchCase(
    BenchScenario Scenario, BenchDirection Direction, uint Sessions, uint Subscribers, FrameMix Frames, int Workers,
    int WindowMs)
{
    /// <summary>Windows that a median is taken of.</summary>
    public const int Windows = 5;

    /// <summary>Sessions are logged, not only port blocks.</summary>
    public bool LogsSessions { get; init; }

    /// <summary>Every packet arrives at a worker that it does not belong to.</summary>
    public bool Misdirected { get; init; }

    /// <summary>
    /// Share of the measured maximum that is offered while latency is measured, in percent; 0 when it is not.
    /// </summary>
    public double LoadPercent { get; init; }

    /// <summary>A thread reads all counters and the port blocks over and over while it is measured.</summary>
    public bool Scrapes { get; init; }

    /// <summary>Records lie in files, and a second gateway takes them over after the first has ended.</summary>
    public bool Attaches { get; init; }

    /// <summary>Sessions that the tables have room for.</summary>
    public uint SessionCapacity => Scenario == BenchScenario.Hairpin ? Sessions * 2 : Sessions;

    /// <summary>Templates that a list may come to hold.</summary>
    public uint TemplateCapacity => Sessions * FragmentsPerPacket;

    /// <summary>IPv4 fragments that a session's packet is sent in.</summary>
    public uint FragmentsPerPacket => Scenario == BenchScenario.Fragments ? 2u : 1u;
}
