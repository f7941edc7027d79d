using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration;

/// <summary>Makes of the thresholds what the forwarder watches.</summary>
internal static class ThresholdCompiler
{
    public static void Apply(ref GatewaySettings settings, ThresholdsSection thresholds)
    {
        settings.ThresholdSubscribers = thresholds.Subscribers;
        settings.ThresholdMappings = thresholds.Mappings;
        settings.ThresholdSessions = thresholds.Sessions;
        settings.ThresholdPortBlocks = thresholds.PortSets;
        settings.ThresholdReassembly = thresholds.Reassembly;
        settings.ThresholdFragments = thresholds.Fragments;
        settings.ThresholdInterval = thresholds.NotifyInterval.Ticks;
        settings.SubscriberThresholdInterval = thresholds.SubscriberNotifyInterval.Ticks;
    }
}
