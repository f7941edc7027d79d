using System;
using System.CommandLine;
using System.IO;
using System.Linq;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State;
using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn clear</c>: the running gateway forgets a prefix of subscribers (RFC 7785 section 4.5).</summary>
public static class ClearCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly GatewayOption s_gateway = new();

    private static readonly Option<string> s_subscriber = new("--subscriber")
    {
        Description = "Whose mappings, sessions and blocks end: a B4 prefix, a customer's address, or more of them",
        HelpName = "ADDRESS[/LENGTH]",
        Required = true,
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "clear",
            "Ends every mapping, session and port block of a subscriber prefix, before another customer gets it.\n"
            + "Example: cgn clear --subscriber 2001:db8:100:100::/56")
        {
            s_gateway.Config, s_gateway.Directory, s_subscriber,
        };
        command.SetAction(Clear);
        return command;
    }

    private static bool IsThere(StateDirectory directory, SubscriberMatch match)
    {
        using StateView view = StateView.Open(directory);
        return view.Status.State != ForwarderState.Ready
            || RecordListings.Subscribers(view, new ListingFilter(match, null)).Rows.Any();
    }

    private static int Clear(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        string who = arguments.GetRequiredValue(s_subscriber);
        if (!SubscriberMatch.TryParse(who, out SubscriberMatch match, out string fault))
        {
            error.WriteLine($"cgn: clear: --subscriber: {fault}");
            return ExitCodes.Unusable;
        }

        if (!s_gateway.TryFind(arguments, "clear", error, out StateDirectory directory, out GatewayOptions? _))
            return ExitCodes.Unusable;
        try
        {
            if (!IsThere(directory, match))
            {
                error.WriteLine($"cgn: clear: no subscriber of {match} has state; there is nothing to clear");
                return ExitCodes.CheckFailed;
            }

            var command = new ForwarderCommand { Kind = CommandKind.Clear, Prefix = match.Setting };
            if (CommandWriter.Send(directory, command, s_patience))
            {
                arguments.InvocationConfiguration.Output.WriteLine($"{match}: cleared");
                return ExitCodes.Done;
            }

            error.WriteLine(
                $"cgn: clear: {match} was not cleared within {s_patience.TotalSeconds} s; the gateway goes on");
            return ExitCodes.CheckFailed;
        }
        catch (StateException refusal)
        {
            error.WriteLine($"cgn: {refusal.Message}");
            return ExitCodes.Refused;
        }
    }
}
