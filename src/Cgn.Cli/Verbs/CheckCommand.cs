using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

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
        var command = new Command(
            "check",
            "Validates a configuration completely; every mistake is reported, not only the first.\n"
            + "Example: cgn check --config configs/dslite.yaml")
        {
            config, json, schema,
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

            return Check(path, arguments.GetValue(json), output, error);
        });
        return command;
    }

    private static int Check(string path, bool asJson, TextWriter output, TextWriter error)
    {
        bool isUsable = ConfigLoader.TryLoad(
            path, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        if (asJson)
            output.WriteLine(JsonSerializer.Serialize(Report(path, isUsable, faults), s_json));
        else
            ConfigReport.Write(error, faults);
        if (isUsable && !asJson)
            output.WriteLine(Summary(path, options!, snapshot!));
        return isUsable ? ExitCodes.Done : ExitCodes.Unusable;
    }

    private static object Report(string path, bool isUsable, FaultList faults) => new
    {
        file = path,
        valid = isUsable,
        errors = Rows(faults.Errors),
        warnings = Rows(faults.Warnings),
    };

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
        return $"{path}: usable: {snapshot.Name}, {Count(snapshot.Settings.ShardCount, "worker")}, "
            + $"{Count(snapshot.Pools.Length, "pool")} with {Count(addresses, "address", "es")}, "
            + $"{Count(snapshot.Plans.Length, "plan")}, {Count(snapshot.StaticMappings.Length, "static mapping")}";
    }

    private static string Count<T>(T number, string what, string plural = "s")
        where T : INumber<T> => $"{number} {what}{(number == T.One ? "" : plural)}";
}
