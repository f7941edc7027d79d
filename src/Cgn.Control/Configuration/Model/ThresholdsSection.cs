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

    /// <summary>
    /// Softwires of the whole gateway, in percent of capacity.subscribers (RFC 7870 dsliteAFTRAlarmConnectNumber).
    /// </summary>
    [Key("softwires", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Softwires { get; private set; } = 60;

    /// <summary>External addresses that have ports given out (RFC 8512 notify-addresses-usage).</summary>
    [Key("addresses", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Addresses { get; private set; }

    /// <summary>External ports in blocks given out, of all pools together (RFC 8512 notify-ports-usage).</summary>
    [Key("ports", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int Ports { get; private set; }

    /// <summary>
    /// Ports in use of any one external address, of the protocol that uses most (RFC 7870
    /// dsliteAFTRPortUsageOfSpecificIpAlarm).
    /// </summary>
    [Key("address-ports", Min = "1", Max = "100", Unit = "percent")]
    [Word("off", 0)]
    public int AddressPorts { get; private set; }

    /// <summary>
    /// Least time between two warnings about softwires, addresses, ports or the ports of one address (RFC 8512
    /// notification-limits).
    /// </summary>
    [Key("instance-notify-interval", Min = "1s", Max = "1d")]
    public Duration InstanceNotifyInterval { get; private set; } = Duration.Seconds(10);

    /// <summary>
    /// Least time between two warnings about one subscriber: its plan's thresholds, and B4 addresses that change too
    /// often.
    /// </summary>
    [Key("subscriber-notify-interval", Min = "1s", Max = "1d")]
    public Duration SubscriberNotifyInterval { get; private set; } = Duration.Seconds(60);
}
