using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The addresses that the gateway's own ICMP errors come from.</summary>
internal static class IcmpChecks
{
    // 192.0.0.0/29, which means nothing outside (RFC 7335 section 4).
    private const uint SoftwirePrefix = 0xC0000000 >> 3;

    public static void Run(IcmpSection icmp, FaultList faults)
    {
        Source(icmp, nameof(icmp.SourceOutside), "source-outside", icmp.SourceOutside, faults);
        Source(icmp, nameof(icmp.SourceInside), "source-inside", icmp.SourceInside, faults);
        if (icmp.SourceOutside is { } outside && outside.Address.Value >> 3 == SoftwirePrefix)
        {
            faults.Error(
                icmp.PlaceOf(nameof(icmp.SourceOutside)),
                $"icmp.source-outside {outside.Address} belongs to softwires and never leaves outside (RFC 7335); the "
                + "outside interface's address would be right");
        }
    }

    private static void Source(
        IcmpSection icmp, string property, string key, Ipv4AddressValue? value, FaultList faults)
    {
        if (value is not { } source || source.Address.Value >> 24 is not (0 or 127 or >= 224))
            return;
        faults.Error(
            icmp.PlaceOf(property),
            $"icmp.{key} {source.Address} is no address that a packet may come from; one of the gateway's own "
            + "would be right");
    }
}
