using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration;

/// <summary>Makes of what all subscribers together may have what the forwarder counts.</summary>
internal static class InstanceLimitCompiler
{
    public static InstanceLimits Of(NatPolicySection policy)
    {
        ProtocolLimitsSection mappings = policy.MappingLimits.PerProtocol;
        ProtocolRatesSection rates = policy.ConnectionLimits.PerProtocol;
        return new InstanceLimits
        {
            Subscribers = policy.MappingLimits.Subscribers,
            Mappings = policy.MappingLimits.PortMappings,
            MappingsUdp = mappings.Udp,
            MappingsTcp = mappings.Tcp,
            MappingsIcmp = mappings.Icmp,
            MappingsOther = mappings.Other,
            SetupRate = policy.ConnectionLimits.PerInstance.PerSecond,
            SetupRateUdp = rates.Udp.PerSecond,
            SetupRateTcp = rates.Tcp.PerSecond,
            SetupRateIcmp = rates.Icmp.PerSecond,
            SetupRateOther = rates.Other.PerSecond,
            Fragments = policy.FragmentsLimit,
        };
    }
}
