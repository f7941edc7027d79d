using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Lifetimes of PCP against each other and against what the standard asks for.</summary>
internal static class PcpChecks
{
    private const long FloorMs = 120_000;

    public static void Run(PcpSection pcp, FaultList faults)
    {
        if (pcp.LifetimeMax.Ms < pcp.LifetimeMin.Ms)
        {
            faults.Error(
                pcp.PlaceOf(nameof(pcp.LifetimeMax)),
                $"lifetime-max {pcp.LifetimeMax} is below lifetime-min; {pcp.LifetimeMin} or more would be right");
        }

        if (pcp.LifetimeMin.Ms < FloorMs)
        {
            faults.Warn(
                pcp.PlaceOf(nameof(pcp.LifetimeMin)),
                $"lifetime-min {pcp.LifetimeMin} is below what RFC 6887 section 15 recommends; 120s would be right");
        }
    }
}
