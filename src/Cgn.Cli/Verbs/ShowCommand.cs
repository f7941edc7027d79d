using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;

using Cgn.Cli.Verbs.Output;
using Cgn.Cli.Verbs.Remote;
using Cgn.Contract.Process;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State;
using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn show</c>: the running gateway's state, read from its records.</summary>
public static class ShowCommand
{
    private const int DefaultLimit = 100;

    private static readonly Dictionary<string, Func<StateView, ListingFilter, Listing>> s_listings = new()
    {
        ["subscribers"] = RecordListings.Subscribers,
        ["port-blocks"] = RecordListings.PortBlocks,
        ["mappings"] = RecordListings.Mappings,
        ["sessions"] = RecordListings.Sessions,
        ["pools"] = static (view, _) => SummaryListings.Pools(view),
        ["workers"] = static (view, _) => SummaryListings.Workers(view),
        ["drops"] = static (view, _) => SummaryListings.Drops(view),
    };

    private static readonly Argument<string> s_what = new("WHAT")
    {
        Description = string.Join(" | ", s_listings.Keys),
    };

    private static readonly GatewayOption s_gateway = new();

    private static readonly Option<string?> s_subscriber = new("--subscriber")
    {
        Description = "Only of subscribers with this address or prefix",
        HelpName = "ADDRESS[/LENGTH]",
    };

    private static readonly Option<string?> s_external = new("--external")
    {
        Description = "Only what has this public address, or address and port",
        HelpName = "ADDRESS[:PORT]",
    };

    private static readonly Option<int> s_limit = Limit();

    private static readonly ApiOption s_api = new();

    private static readonly Option<bool> s_json = new("--json") { Description = "Print a JSON array" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "show",
            "Shows the running gateway's state.\n"
            + "Example: cgn show port-blocks --external 203.0.113.5:1024")
        {
            s_what, s_gateway.Config, s_gateway.Directory, s_subscriber, s_external, s_limit, s_json,
            s_api.Address, s_api.Token, s_api.Roots,
        };
        command.SetAction(static arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error, () => Show(arguments)));
        return command;
    }

    private static Option<int> Limit()
    {
        Option<int> limit = new("--limit")
        {
            Description = "Rows at most; 0 for all",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultLimit,
        };
        limit.Validators.Add(static result =>
        {
            if (!CountOption.IsWithin(result, 0, int.MaxValue, out string text))
                result.AddError($"--limit: '{text}' is no number of rows; 0, for all, or more would be right");
        });
        return limit;
    }

    private static int Show(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        string what = arguments.GetRequiredValue(s_what);
        if (!s_listings.TryGetValue(what, out Func<StateView, ListingFilter, Listing>? make))
        {
            error.WriteLine($"cgn: show: '{what}' can't be shown; {string.Join(", ", s_listings.Keys)} can");
            return ExitCodes.Unusable;
        }

        if (!TryFilter(arguments, error, out ListingFilter filter))
            return ExitCodes.Unusable;
        StateDirectory directory = default;
        GatewayOptions? options = null;
        if (!s_api.IsGiven(arguments)
            && !s_gateway.TryFind(arguments, "show", error, out directory, out options))
            return ExitCodes.Unusable;
        return TryAsk(arguments, what, options, out int code)
            ? code
            : ShowState(arguments, directory, view => make(view, filter));
    }

    // By the API where there is one. On the gateway itself, what it leaves behind can be read without it.
    private static bool TryAsk(ParseResult arguments, string what, GatewayOptions? options, out int code)
    {
        code = ExitCodes.Done;
        TextWriter error = arguments.InvocationConfiguration.Error;
        using ApiClient? api = s_api.Client(arguments, options);
        if (api is null)
            return false;
        try
        {
            Print(arguments, ApiListings.Of(
                api, what, arguments.GetValue(s_subscriber), arguments.GetValue(s_external), RowsWanted(arguments)));
            return true;
        }
        catch (ApiException refusal)
        {
            code = refusal.IsRefusal ? ExitCodes.Unusable : ExitCodes.Refused;
            bool isLast = s_api.IsGiven(arguments);
            error.WriteLine($"cgn: {refusal.Message}" + (isLast ? "" : "; its state is read instead"));
            return isLast;
        }
    }

    private static int ShowState(ParseResult arguments, StateDirectory directory, Func<StateView, Listing> make)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        try
        {
            using StateView view = StateView.Open(directory);
            if (!Directory.Exists($"/proc/{view.Status.ProcessId}"))
                error.WriteLine($"cgn: {directory.Path}: the forwarder does not run; this is what it has left");
            Print(arguments, make(view));
            return ExitCodes.Done;
        }
        catch (StateException refusal)
        {
            error.WriteLine($"cgn: {refusal.Message}");
            return ExitCodes.Refused;
        }
    }

    private static void Print(ParseResult arguments, Listing listing)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        int limit = RowsWanted(arguments);
        if (arguments.GetValue(s_json))
        {
            ListingWriter.Json(listing, limit, output);
            return;
        }

        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        if (ListingWriter.Text(listing, limit, output, isTerminal))
            arguments.InvocationConfiguration.Error.WriteLine($"cgn: there are more than {limit}; --limit 0 shows all");
    }

    private static int RowsWanted(ParseResult arguments)
    {
        int limit = arguments.GetValue(s_limit);
        return limit == 0 ? int.MaxValue : limit;
    }

    private static bool TryFilter(ParseResult arguments, TextWriter error, out ListingFilter filter)
    {
        filter = new ListingFilter(null, null);
        if (arguments.GetValue(s_subscriber) is { } who)
        {
            if (!SubscriberMatch.TryParse(who, out SubscriberMatch match, out string fault))
            {
                error.WriteLine($"cgn: show: --subscriber: {fault}");
                return false;
            }

            filter = filter with { Subscriber = match };
        }

        if (arguments.GetValue(s_external) is { } where)
        {
            if (!ExternalMatch.TryParse(where, out ExternalMatch match))
            {
                error.WriteLine(
                    $"cgn: show: --external: '{where}' is no IPv4 address with or without a port; "
                    + "203.0.113.5:1024 would be");
                return false;
            }

            filter = filter with { External = match };
        }

        return true;
    }
}
