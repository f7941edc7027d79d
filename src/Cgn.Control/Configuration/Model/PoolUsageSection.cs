using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>When the operator is told how much of a pool's ports is given out (RFC 8512 notify-pool-usage).</summary>
public sealed class PoolUsageSection : ConfigSection
{
    /// <summary>Told when less than this is given out again.</summary>
    [Key("low-threshold", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int LowThreshold { get; private set; }

    /// <summary>Told when so much is given out.</summary>
    [Key("high-threshold", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int HighThreshold { get; private set; }

    /// <summary>Least time between two of them; of both thresholds crossed in it, only the high one is told.</summary>
    [Key("notify-interval", Min = "1s", Max = "3600s")]
    public Duration NotifyInterval { get; private set; } = Duration.Seconds(20);
}
