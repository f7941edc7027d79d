using System.Linq;

using Cgn.Contract.Records;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>RADIUS and who is a subscriber: where the one can't do what the other says.</summary>
internal static class RadiusPolicyChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.Radius is not { } radius)
            return;
        if (radius.Authentication is { IsWhole: true } authentication)
        {
            Default(authentication, options.Subscribers, faults);
            if (SubscriberReach.NamesAll(options))
            {
                faults.Warn(
                    authentication.Place,
                    "radius.authentication is never asked: subscribers.static names everybody, and goes before it");
            }
        }
        else if (radius.DynamicAuthorization is { IsWhole: true } dynamic && radius.Accounting is null)
        {
            faults.Warn(
                dynamic.Place,
                "radius.dynamic-authorization has no sessions to change: radius.authentication or radius.accounting "
                + "would begin them");
        }

        if (radius.Authentication is null && radius.Learning is null)
            return;
        foreach (PlanSection plan in options.Plans.Where(static plan => !PolicyName.TryPack(plan.Id, out _)))
        {
            faults.Warn(
                plan.PlaceOf(nameof(plan.Id)),
                $"plan id '{plan.Id}' is longer than {PolicyName.SizeBytes} bytes: no RADIUS server can grant it");
        }
    }

    private static void Default(
        RadiusAuthenticationSection authentication, SubscribersSection subscribers, FaultList faults)
    {
        if (subscribers.DefaultPlan is not null)
            return;
        if (authentication.IsGiven(nameof(authentication.OnNoAnswer))
            && authentication.OnNoAnswer == NoAnswer.DefaultPlan)
        {
            faults.Error(
                authentication.PlaceOf(nameof(authentication.OnNoAnswer)),
                "radius.authentication.on-no-answer is default-plan, and there is no subscribers.default-plan; "
                + "'refuse', or a default plan, would be right");
        }

        faults.Warn(
            authentication.Place,
            "there is no subscribers.default-plan: subscribers that a server accepts without a Filter-Id are refused");
    }
}
