using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// When the operator is warned, in percent of what there is, before something runs out (RFC 6333 section 6.3).
/// </summary>
public sealed class ThresholdsSection : ConfigSection
{
    /// <summary>Subscriber records.</summary>
    [Key("subscribers", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Subscribers { get; private set; } = 80;

    /// <summary>Mappings.</summary>
    [Key("mappings", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Mappings { get; private set; } = 80;

    /// <summary>Sessions.</summary>
    [Key("sessions", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Sessions { get; private set; } = 80;

    /// <summary>Port blocks, of each pool.</summary>
    [Key("port-sets", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int PortSets { get; private set; } = 80;

    /// <summary>Softwire packets being put together.</summary>
    [Key("reassembly", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Reassembly { get; private set; } = 80;

    /// <summary>IPv4 fragments that wait for their first.</summary>
    [Key("fragments", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Fragments { get; private set; } = 80;

    /// <summary>Least time between two warnings about the same.</summary>
    [Key("notify-interval", Min = "1s", Max = "1d")]
    public Duration NotifyInterval { get; private set; } = Duration.Seconds(60);
}
