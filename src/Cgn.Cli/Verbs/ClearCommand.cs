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
using Cgn.Wire;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn clear</c>: the running gateway forgets a prefix of subscribers (RFC 7785 section 4.5).</summary>
public static class ClearCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly GatewayOption s_gateway = new();

    private static readonly Option<string?> s_subscriber = new("--subscriber")
    {
        Description = "Whose mappings, sessions and blocks end: a B4 prefix, a customer's address, or more of them",
        HelpName = "ADDRESS[/LENGTH]",
    };

    private static readonly Option<string?> s_external = new("--external")
    {
        Description = "Only mappings and sessions that have this public address; blocks stay",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string?> s_protocol = new("--protocol")
    {
        Description = "Only mappings and sessions of this protocol: tcp, udp, icmp or a number; blocks stay",
        HelpName = "PROTOCOL",
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "clear",
            "Ends every mapping, session and port block of a subscriber prefix, before another customer gets it; or "
            + "only the mappings and sessions of a public address or a protocol, of those subscribers or of all.\n"
            + "Example: cgn clear --subscriber 2001:db8:100:100::/56\n"
            + "Example: cgn clear --external 203.0.113.5 --protocol udp")
        {
            s_gateway.Config, s_gateway.Directory, s_subscriber, s_external, s_protocol,
        };
        command.SetAction(Clear);
        return command;
    }

    // Why there is nothing to clear; null where there may be something, or nobody to ask.
    private static string? Nothing(StateDirectory directory, SubscriberMatch? match, uint external)
    {
        using StateView view = StateView.Open(directory);
        if (view.Status.State != ForwarderState.Ready)
            return null;
        if (external != 0 && !view.Snapshot.Pools.Any(pool => pool.Has(external)))
            return $"no pool has {new Ipv4Address(external)}";
        return match is { } who && !RecordListings.Subscribers(view, new ListingFilter(who, null)).Rows.Any()
            ? $"no subscriber of {who} has state"
            : null;
    }

    private static int Clear(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        if (!TryRead(arguments, error, out ForwarderCommand command, out SubscriberMatch? match)
            || !s_gateway.TryFind(arguments, "clear", error, out StateDirectory directory, out GatewayOptions? _))
            return ExitCodes.Unusable;
        string what = string.Join(
            ' ',
            new[] { match?.ToString(), arguments.GetValue(s_external), arguments.GetValue(s_protocol) }
                .Where(static word => word is not null));
        try
        {
            if (Nothing(directory, match, command.ExternalAddress) is { } why)
            {
                error.WriteLine($"cgn: clear: {why}; there is nothing to clear");
                return ExitCodes.CheckFailed;
            }

            if (CommandWriter.Send(directory, command, s_patience))
            {
                arguments.InvocationConfiguration.Output.WriteLine($"{what}: cleared");
                return ExitCodes.Done;
            }

            error.WriteLine(
                $"cgn: clear: {what} was not cleared within {s_patience.TotalSeconds} s; the gateway goes on");
            return ExitCodes.CheckFailed;
        }
        catch (StateException refusal)
        {
            error.WriteLine($"cgn: {refusal.Message}");
            return ExitCodes.Refused;
        }
    }

    private static bool TryRead(
        ParseResult arguments, TextWriter error, out ForwarderCommand command, out SubscriberMatch? match)
    {
        command = new ForwarderCommand { Kind = CommandKind.Clear };
        match = null;
        string? fault = null;
        if (arguments.GetValue(s_subscriber) is { } who)
        {
            if (SubscriberMatch.TryParse(who, out SubscriberMatch read, out fault))
                (match, command.Prefix) = (read, read.Setting);
            else
                fault = $"--subscriber: {fault}";
        }

        if (arguments.GetValue(s_external) is { } external)
        {
            if (ExternalMatch.TryParse(external, out ExternalMatch read) && read is { Port: null, Address: not 0 })
                command.ExternalAddress = read.Address;
            else
                fault = $"--external: '{external}' is no address of a pool; 203.0.113.5 would be one";
        }

        if (arguments.GetValue(s_protocol) is { } protocol)
        {
            if (RecordText.ProtocolOf(protocol) is > 0 and { } number)
                command.Protocol = number;
            else
                fault = $"--protocol: '{protocol}' is none; tcp, udp, icmp or a number of 1 to 255 would be";
        }

        if (match is null && command.ExternalAddress == 0 && command.Protocol == 0)
            fault ??= "--subscriber, --external or --protocol is needed: what is to end";
        if (string.IsNullOrEmpty(fault))
            return true;
        error.WriteLine($"cgn: clear: {fault}");
        return false;
    }
}
