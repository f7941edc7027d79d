using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

using Cgn.Cli.Verbs.Diff;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.State;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn check</c>: validates a configuration completely.</summary>
public static class CheckCommand
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = "The configuration file",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var schema = new Option<bool>("--schema")
        {
            Description = "Print the JSON Schema of configurations, for editors",
        };
        var diff = new Option<string?>("--diff")
        {
            Description = "Tell what a change to it would do: from OLD, or from what the running gateway has",
            HelpName = "OLD",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var directory = new Option<string?>("--state-directory")
        {
            Description = "With --diff: the running gateway's; left out: where the configuration says",
            HelpName = "DIRECTORY",
        };
        var command = new Command(
            "check",
            "Validates a configuration completely; every mistake is reported, not only the first.\n"
            + "Example: cgn check --config configs/dslite.yaml; before a reload: "
            + "cgn check --config gateway.yaml --diff")
        {
            config, json, schema, diff, directory,
        };
        command.SetAction(arguments =>
        {
            TextWriter output = arguments.InvocationConfiguration.Output;
            TextWriter error = arguments.InvocationConfiguration.Error;
            if (arguments.GetValue(schema))
            {
                output.WriteLine(SchemaWriter.Write());
                return ExitCodes.Done;
            }

            if (arguments.GetValue(config) is not { } path)
            {
                error.WriteLine("cgn: check: --config FILE is missing; --config configs/dslite.yaml would be right");
                return ExitCodes.Unusable;
            }

            CheckDiff? wanted = arguments.GetResult(diff) is null
                ? null
                : new CheckDiff(arguments.GetValue(diff), arguments.GetValue(directory));
            return Check(path, arguments.GetValue(json), wanted, output, error);
        });
        return command;
    }

    private static int Check(string path, bool asJson, CheckDiff? wanted, TextWriter output, TextWriter error)
    {
        bool isUsable = ConfigLoader.TryLoad(
            path, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        if (isUsable)
            ConfigAdvice.Run(options!, faults);
        if (!asJson)
            ConfigReport.Write(error, faults);
        if (isUsable && !asJson)
            output.WriteLine(Summary(path, options!, snapshot!));
        ConfigDiff? diff = null;
        if (isUsable && wanted is not null)
        {
            int code = wanted.TryMake(options!, snapshot!, error, out diff);
            if (code != ExitCodes.Done)
                return code;
        }

        if (asJson)
            output.WriteLine(JsonSerializer.Serialize(Report(path, isUsable, faults, diff), s_json));
        else if (diff is not null)
            DiffText.Write(path, diff, output);
        return !isUsable ? ExitCodes.Unusable
            : diff is { IsApplicable: false } ? ExitCodes.CheckFailed
            : ExitCodes.Done;
    }

    private static Dictionary<string, object> Report(string path, bool isUsable, FaultList faults, ConfigDiff? diff)
    {
        Dictionary<string, object> report = new()
        {
            ["file"] = path,
            ["valid"] = isUsable,
            ["errors"] = Rows(faults.Errors),
            ["warnings"] = Rows(faults.Warnings),
        };
        if (diff is not null)
            report["diff"] = DiffJson.Of(diff);
        return report;
    }

    private static IEnumerable<object> Rows(IEnumerable<Fault> faults) => faults.Select(static fault => new
    {
        line = fault.Place.Line,
        column = fault.Place.Column,
        message = fault.Message,
    });

    private static string Summary(string path, GatewayOptions options, ConfigSnapshot snapshot)
    {
        ulong addresses = options.Pools.Aggregate(
            0UL, static (sum, pool) => sum + pool.Prefixes.Aggregate(0UL, static (s, p) => s + p.Prefix.AddressCount));
        return $"{path}: usable: {snapshot.Name}, {CountText.Of(snapshot.Settings.ShardCount, "worker")}, "
            + $"{CountText.Of(snapshot.Pools.Length, "pool")} with {CountText.Of(addresses, "address", "addresses")}, "
            + $"{CountText.Of(snapshot.Plans.Length, "plan")}, "
            + $"{CountText.Of(snapshot.StaticMappings.Length, "static mapping")}";
    }

}
