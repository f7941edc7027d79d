using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>What no single value shows: all checks across sections, in the order of the file.</summary>
internal static class ConfigChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        GatewayChecks.Run(options, faults);
        InterfaceChecks.Run(options, faults);
        AccessChecks.Run(options, faults);
        PoolChecks.Run(options, faults);
        PoolChoiceChecks.Run(options, faults);
        AccessListChecks.Run(options, faults);
        IcmpChecks.Run(options.Icmp, faults);
        TimerChecks.Run(options.NatPolicy.Timers, faults);
        StaticMappingChecks.Run(options, faults);
        PassThroughChecks.Run(options, faults);
        AlgChecks.Run(options.NatPolicy, faults);
        PcpChecks.Run(options.Pcp, faults);
        PlanChecks.Run(options, faults);
        WalledGardenChecks.Run(options, faults);
        RadiusChecks.Run(options, faults);
        RadiusPolicyChecks.Run(options, faults);
        ServiceChecks.Run(options, faults);
        // Computes with all of it, so it comes when all else is known to be right.
        DeterministicChecks.Run(options, faults);
    }
}
