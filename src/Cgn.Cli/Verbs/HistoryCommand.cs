using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;

using Cgn.Cli.Verbs.Output;
using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn history</c>: the configurations that were in force.</summary>
public static class HistoryCommand
{
    private static readonly HistoryOption s_history = new();

    private static readonly Option<int?> s_show = new("--show")
    {
        Description = "Print the text of this one",
        HelpName = "N",
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print a JSON array" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "history",
            "Lists the configurations that were in force, the oldest first, or shows one as it was written.\n"
            + "Example: cgn history --config gateway.yaml; cgn history --config gateway.yaml --show 12")
        {
            s_history.Config, s_history.StateDirectory, s_history.History, s_show, s_json,
        };
        command.SetAction(History);
        return command;
    }

    private static int History(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        if (!s_history.TryFind(arguments, "history", error, out ConfigHistory? history, out StateDirectory directory))
            return ExitCodes.Unusable;
        if (HistoryOption.Entries(history!, "history", error) is not { } entries)
            return ExitCodes.Refused;
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(s_show) is { } number)
            return Show(history!, entries, number, output, error);
        int? inForce = ConfigHistory.InForce(entries, TextInForce(directory))?.Number;
        bool isJson = arguments.GetValue(s_json);
        Listing listing = new(
            ["number", "time", "origin", "gateway", "generation", "in_force", "sha256"],
            entries.Select(entry => new object?[]
            {
                entry.Number, entry.Time, entry.Origin, entry.Gateway,
                entry.Generation == 0 ? null : entry.Generation,
                isJson ? entry.Number == inForce : entry.Number == inForce ? "yes" : null, entry.Sha256,
            }));
        if (isJson)
            ListingWriter.Json(listing, int.MaxValue, output);
        else
            ListingWriter.Text(listing, int.MaxValue, output, isTerminal: false);
        return ExitCodes.Done;
    }

    // As the gateway has left it in its state directory; null where that is not known.
    private static string? TextInForce(StateDirectory directory) =>
        directory.Path is not null && ConfigLoader.TryRead(directory.ConfigurationFile, out string? text, out _)
            ? text
            : null;

    private static int Show(
        ConfigHistory history, IReadOnlyList<HistoryEntry> entries, int number, TextWriter output, TextWriter error)
    {
        HistoryEntry? entry = entries.FirstOrDefault(entry => entry.Number == number);
        if (entry is null || history.TextOf(entry) is not { } text)
        {
            error.WriteLine(entry is null
                ? $"cgn: history: there is no {number} in {history.Directory}; 'cgn history' lists what there is"
                : $"cgn: history: {number} in {history.Directory} is damaged");
            return ExitCodes.Unusable;
        }

        output.Write(text);
        return ExitCodes.Done;
    }
}
