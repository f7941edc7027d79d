using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration;

/// <summary>Makes of the thresholds what the forwarder watches.</summary>
internal static class ThresholdCompiler
{
    public static ThresholdSettings Of(ThresholdsSection thresholds) => new()
    {
        Subscribers = thresholds.Subscribers,
        Mappings = thresholds.Mappings,
        Sessions = thresholds.Sessions,
        PortBlocks = thresholds.PortSets,
        Reassembly = thresholds.Reassembly,
        Fragments = thresholds.Fragments,
        Interval = thresholds.NotifyInterval.Ticks,
        SubscriberInterval = thresholds.SubscriberNotifyInterval.Ticks,
    };
}
