using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Checks;
using Cgn.Cli.Lab.Testing;

using Spectre.Console;

namespace Cgn.Cli.Lab;

/// <summary>The verb `cgn lab test`: the gateway in the lab, with every check, as a table.</summary>
public static class LabTestCommand
{
    private static readonly string[] s_drivers = ["af_xdp", "pcap"];

    /// <summary>Makes the command.</summary>
    /// <param name="mtu">The access links' MTU, as `lab up` takes it.</param>
    /// <param name="b4">The homes' B4, as `lab up` takes it.</param>
    public static Command Create(Option<int> mtu, Option<string> b4)
    {
        Option<string> driver = new("--driver")
        {
            Description = "How the gateway reaches its interfaces: af_xdp, pcap, or both one after the other.",
            DefaultValueFactory = _ => "both",
        };
        driver.AcceptOnlyFromAmong("af_xdp", "pcap", "both");
        Option<int> duration = new("--duration")
        {
            Description = "Seconds that each measurement lasts, 2 to 600.",
            DefaultValueFactory = _ => 5,
        };
        duration.Validators.Add(result =>
        {
            if (!CountOption.IsWithin(result, 2, 600, out _))
                result.AddError("--duration: use 2 to 600 seconds.");
        });
        Option<string[]> only = new("--check")
        {
            Description = "Only the check of this name, such as \"plan down\"; may be repeated.",
            HelpName = "NAME",
        };
        only.AcceptOnlyFromAmong([.. LabTest.AllChecks.Select(check => check.Name)]);
        Option<bool> json = new("--json") { Description = "Print one JSON object instead of the table." };
        Command command = new("test", """
            Runs the gateway in the lab and makes every check through every home. A lab that does not stand is
            made first and removed afterwards. Exit code 0 when all is green, 1 when a check failed.

            Example:
              cgn lab test --driver pcap --duration 3
            """)
        {
            driver, duration, only, json, mtu, b4,
        };
        command.SetAction((result, cancellation) => LabFailure.GuardAsync(() => RunAsync(
            result.GetRequiredValue(driver),
            result.GetValue(duration),
            LabTest.ChecksNamed(result.GetValue(only) ?? []),
            result.GetValue(json),
            new LabTopology(result.GetValue(mtu)),
            result.GetRequiredValue(b4),
            cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        string driver,
        int seconds,
        IReadOnlyList<ILabCheck> checks,
        bool json,
        LabTopology topology,
        string b4,
        CancellationToken cancellation)
    {
        bool made = await new LabBuilder(topology, _ => { }).UpAsync(b4);
        try
        {
            List<LabRow> rows = [];
            await WithProgressAsync(async progress =>
            {
                LabTest test = new(topology, checks, seconds, progress);
                foreach (string each in driver == "both" ? s_drivers : [driver])
                    rows.AddRange(await test.RunAsync(each, cancellation));
            });
            if (json)
                LabReport.WriteJson(rows);
            else
                LabReport.WriteTable(rows);
            return rows.Exists(row => row.Verdict.Outcome == LabOutcome.Failed) ? 1 : 0;
        }
        finally
        {
            if (made)
                await LabBuilder.DownAsync(_ => { });
        }
    }

    private static Task WithProgressAsync(Func<Action<string>, Task> work) => Console.IsOutputRedirected
        ? work(_ => { })
        : AnsiConsole.Status().StartAsync("lab", context => work(text => context.Status(Markup.Escape(text))));
}
