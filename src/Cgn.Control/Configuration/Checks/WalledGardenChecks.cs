using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The walled garden: it is there where plans need it, and its portal can be reached from within.</summary>
internal static class WalledGardenChecks
{
    private const int KeyLettersMax = 64;

    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.WalledGarden is not { } garden)
        {
            foreach (PlanSection plan in options.Plans.Where(static plan => plan.WalledGarden))
            {
                faults.Error(
                    plan.PlaceOf(nameof(plan.WalledGarden)),
                    $"plan {plan.Id} is a walled garden, but there is no section walled-garden; one with portal and "
                    + "allow would be right");
            }

            return;
        }

        if (garden.IsWhole)
            Portal(garden, faults);
        Query(garden, faults);
        if (!options.Plans.Any(static plan => plan.WalledGarden) && options.Radius is null)
            faults.Warn(garden.Place, "walled-garden is the garden of no plan; a plan with walled-garden: true has it");
    }

    private static void Portal(WalledGardenSection garden, FaultList faults)
    {
        WebAddress portal = garden.Portal;
        if (portal.Text.Length > WalledGardenSettings.PortalBytesMax)
        {
            faults.Error(
                garden.PlaceOf(nameof(garden.Portal)),
                $"walled-garden.portal has {portal.Text.Length} letters; at most "
                + $"{WalledGardenSettings.PortalBytesMax} are possible");
        }

        // Where a name leads is the name server's to say; subscribers reach it only if it is among what is allowed.
        if (Ipv4Address.TryParse(portal.Host, out Ipv4Address address)
            && !garden.Allow.Any(allowed => allowed.Prefix.Contains(address)))
        {
            faults.Error(
                garden.PlaceOf(nameof(garden.Portal)),
                $"walled-garden.portal is at {address}, which walled-garden.allow does not hold, so nobody would reach "
                + $"it; {address}/32 there would be right");
        }
        else if (Ipv6Address.TryParse(portal.Host, out _))
        {
            faults.Error(
                garden.PlaceOf(nameof(garden.Portal)),
                $"walled-garden.portal is at {portal.Host}; an IPv4 address or a name would be right, since it is "
                + "IPv4 that is redirected");
        }
    }

    private static void Query(WalledGardenSection garden, FaultList faults)
    {
        if (garden.OriginalUrl is not { } key || (key.Length <= KeyLettersMax && key.All(
            static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')))
        {
            return;
        }

        faults.Error(
            garden.PlaceOf(nameof(garden.OriginalUrl)),
            $"walled-garden.original-url '{key}' is no name of a query's part; up to {KeyLettersMax} letters, digits, "
            + "-, _ and . would be right");
    }
}
