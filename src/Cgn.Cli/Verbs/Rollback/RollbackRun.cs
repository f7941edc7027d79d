using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Verbs.Diff;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.State;

namespace Cgn.Cli.Verbs.Rollback;

/// <summary>One rollback.</summary>
/// <param name="path">The configuration file.</param>
/// <param name="history">Where the earlier one is.</param>
/// <param name="directory">The gateway's state directory; without a path when it is not known.</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class RollbackRun(
    string path, ConfigHistory history, StateDirectory directory, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Does it.</summary>
    /// <param name="number">Of the entry; null for the one before the one in force.</param>
    /// <param name="ask">Asks whether to go on, once it has been told what would happen; null goes on.</param>
    /// <returns>An exit code.</returns>
    public int Run(int? number, Func<bool>? ask)
    {
        if (HistoryOption.Entries(history, "rollback", error) is not { } entries)
            return ExitCodes.Refused;
        HistoryEntry entry = Find(entries, number);
        string text = history.TextOf(entry)
            ?? throw new CommandException($"rollback: {entry.Number} in {history.Directory} is damaged");
        string name = $"{history.Directory} {entry.Number}";
        bool isUsable = ConfigLoader.TryParse(
            name, text, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        ConfigReport.Write(error, faults);
        if (!isUsable)
            return ExitCodes.Unusable;
        if (directory.Path is null)
            directory = ControlSettings.StateDirectoryOf(options!);
        bool runs = StateClaim.Holder(directory) != 0;
        if (runs && !MayGoOn(name, options!, snapshot!, ask, out int code))
            return code;
        SetAside(entries, entry.Number);
        return runs ? Reload(entry, text) : Write(entry, text);
    }

    private static HistoryEntry Find(IReadOnlyList<HistoryEntry> entries, int? number)
    {
        if (number is { } wanted)
        {
            return entries.FirstOrDefault(entry => entry.Number == wanted)
                ?? throw new CommandException($"rollback: there is no {wanted}; 'cgn history' lists what there is");
        }

        HistoryEntry[] inForce = [.. entries.Where(static entry => entry.Generation != 0)];
        return inForce.Length > 1
            ? inForce[^2]
            : throw new CommandException(
                "rollback: there is no earlier configuration; 'cgn history' lists what there is");
    }

    private bool MayGoOn(
        string name, GatewayOptions options, ConfigSnapshot snapshot, Func<bool>? ask, out int code)
    {
        ConfigDiff diff;
        try
        {
            diff = ConfigDiff.WithGateway(directory, options, snapshot);
        }
        catch (StateException refusal)
        {
            throw new CommandException($"rollback: {refusal.Message}") { ExitCode = ExitCodes.Refused };
        }

        if (!diff.IsApplicable)
        {
            DiffText.Write(name, diff, output);
            error.WriteLine($"cgn: rollback: the running gateway can't take it, so {path} stays as it is");
            code = ExitCodes.CheckFailed;
            return false;
        }

        code = ExitCodes.Done;
        if (ask is null)
            return true;
        DiffText.Write(name, diff, output);
        code = ExitCodes.CheckFailed;
        return ask();
    }

    // What stands in the file and was never in force would be lost.
    private void SetAside(IReadOnlyList<HistoryEntry> entries, int number)
    {
        if (!File.Exists(path))
            return;
        string present = File.ReadAllText(path);
        string sha256 = ConfigHistory.Sha256(present);
        if (entries.All(entry => entry.Sha256 != sha256))
        {
            HistoryEntry kept = history.Add(
                present, $"never in force; set aside by rollback to {number}", "", 0, DateTimeOffset.UtcNow);
            output.WriteLine($"{path} as it was is {kept.Number} of the history");
        }
    }

    private int Write(HistoryEntry entry, string text)
    {
        AtomicFile.Write(path, text);
        int forwarder = StatusFile.RunningIn(directory, anyLayout: true);
        string who = forwarder == 0
            ? "no gateway runs, so the next start takes it"
            : $"the control plane does not run, so the forwarder {forwarder} goes on with the configuration in force "
                + "until 'cgn run' is started and takes it";
        output.WriteLine($"{path} is {entry.Number} of the history; {who}");
        return ExitCodes.Done;
    }

    private int Reload(HistoryEntry entry, string text)
    {
        ReloadReport? report = ReloadRequest.Send(
            directory, path, text, $"rollback to {entry.Number}", s_patience);
        if (report is null)
        {
            error.WriteLine(
                $"cgn: rollback: the gateway has not answered within {s_patience.TotalSeconds} s; {path} is written");
            return ExitCodes.Refused;
        }

        foreach (string line in report.Obstacles.Concat(report.Notes))
            error.WriteLine($"cgn: rollback: {line}");
        if (report.Obstacles.Count != 0)
        {
            error.WriteLine($"cgn: rollback: the configuration in force stays, and {path} is as it was");
            return ExitCodes.CheckFailed;
        }

        output.WriteLine($"{entry.Number} of the history is in force, generation {report.Generation}");
        return ExitCodes.Done;
    }
}
