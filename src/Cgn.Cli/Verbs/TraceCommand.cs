using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;

using Cgn.Contract.Process;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Trace;
using Cgn.Wire;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn trace</c>: who held a public address and port at a time, and what a subscriber holds.</summary>
public static class TraceCommand
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    private static readonly GatewayOption s_gateway = new();

    private static readonly Option<string?> s_log = new("--block-log")
    {
        Description = "The block log, where the configuration is not at hand; its rotated files are read too",
        HelpName = "FILE",
    };

    private static readonly Option<string?> s_address = new("--address") { Description = "Public IPv4 address" };

    private static readonly Option<int?> s_port = new("--port") { Description = "Public port, or query identifier" };

    private static readonly Option<string?> s_at = new("--at")
    {
        Description = "When: RFC 3339, UTC unless it says otherwise, or Unix seconds; left out: now",
        HelpName = "TIME",
    };

    private static readonly Option<string?> s_protocol = new("--protocol")
    {
        Description = "tcp | udp | icmp; only static mappings differ by it",
    };

    private static readonly Option<string?> s_subscriber = new("--subscriber")
    {
        Description = "The other way: which ports this subscriber held",
        HelpName = "ADDRESS[/LENGTH]",
    };

    private static readonly Option<int> s_skew = new("--skew")
    {
        Description = "Seconds that the asker's clock may be off, either way",
        HelpName = "SECONDS",
    };

    private static readonly Option<bool> s_asJson = new("--json") { Description = "Print a JSON array" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "trace",
            "Tells who held a public address and port at a time: computed in deterministic mode, else from the block "
            + "log.\nComputing needs the file beside the block log that ends in .epochs (without a block log "
            + "epochs.jsonl in the state directory); 'cgn run' writes it.\n"
            + "Exit code 1: nobody is known to have held it.\n"
            + "Example: cgn trace --address 203.0.113.5 --port 1030 --at 2026-11-02T08:15:00Z "
            + "--config configs/dslite.yaml")
        {
            s_gateway.Config, s_gateway.Directory, s_log, s_address, s_port, s_at, s_protocol, s_subscriber, s_skew,
            s_asJson,
        };
        command.SetAction(Trace);
        return command;
    }

    private static int Trace(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        if (Question(arguments, out TraceQuestion? question) is { } fault)
        {
            error.WriteLine($"cgn: trace: {fault}");
            return ExitCodes.Unusable;
        }

        string? log = arguments.GetValue(s_log);
        // Nobody in a log that is not there is no answer.
        if (log is not null && !IsThere(log))
        {
            error.WriteLine($"cgn: trace: --block-log {log} is not there; what logging.block-log names would be");
            return ExitCodes.Unusable;
        }

        StateDirectory directory = new(Path.GetDirectoryName(Path.GetFullPath(log ?? ".")) ?? "/");
        string? configured = null;
        bool isNamed = arguments.GetValue(s_gateway.Config) is not null
            || arguments.GetValue(s_gateway.Directory) is not null;
        if ((log is null || isNamed)
            && !s_gateway.TryFind(arguments, "trace", error, out directory, out configured))
            return ExitCodes.Unusable;
        Tracer tracer = new(log ?? configured, directory);
        IReadOnlyList<Holder> holders = tracer.Ask(question!);
        if (holders.Count == 0 && tracer.IsUnrecorded(question!))
        {
            error.WriteLine(
                "cgn: trace: no block log was kept at that time, so it is not known; "
                + "with logging.block-log it would be");
            return ExitCodes.Unusable;
        }

        Print(holders, arguments);
        if (holders.Count == 0 && tracer.Gap(question!) is { } gap)
            error.WriteLine($"cgn: trace: {gap}");
        return holders.Count == 0 ? ExitCodes.CheckFailed : ExitCodes.Done;
    }

    // It, or what a rotation has left of it.
    private static bool IsThere(string log)
    {
        string? directory = Path.GetDirectoryName(Path.GetFullPath(log));
        return Directory.Exists(directory)
            && Directory.EnumerateFiles(directory, Path.GetFileName(log) + "*").GetEnumerator().MoveNext();
    }

    private static void Print(IReadOnlyList<Holder> holders, ParseResult arguments)
    {
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(s_asJson))
        {
            output.WriteLine(JsonSerializer.Serialize(holders, s_json));
            return;
        }

        foreach (Holder holder in holders)
        {
            output.WriteLine(
                $"{holder.Subscriber} held {holder.ExternalAddress} ports {holder.PortStart}-{holder.PortEnd} from "
                + $"{holder.From ?? "before the records"} to {holder.To ?? "now"} ({holder.Source})");
        }

        if (holders.Count == 0)
            output.WriteLine("nobody, as far as the records go");
    }

    // What is wrong, or null.
    private static string? Question(ParseResult arguments, out TraceQuestion? question)
    {
        question = null;
        DateTimeOffset at = DateTimeOffset.UtcNow;
        if (arguments.GetValue(s_at) is { } time && !UtcText.TryParse(time, out at))
            return $"--at '{time}' is no time; 2026-11-02T08:15:00Z would be";
        byte protocol = 0;
        if (arguments.GetValue(s_protocol) is { } name)
        {
            protocol = name switch { "tcp" => 6, "udp" => 17, "icmp" => 1, _ => 0 };
            if (protocol == 0)
                return $"--protocol '{name}' is none of tcp, udp and icmp";
        }

        SubscriberMatch? subscriber = null;
        if (arguments.GetValue(s_subscriber) is { } who)
        {
            if (!SubscriberMatch.TryParse(who, out SubscriberMatch match, out string fault))
                return $"--subscriber: {fault}";
            subscriber = match;
        }

        Ipv4Address? address = null;
        if (arguments.GetValue(s_address) is { } text)
        {
            if (!Ipv4Address.TryParse(text, out Ipv4Address parsed))
                return $"--address '{text}' is no IPv4 address; 203.0.113.5 would be";
            address = parsed;
        }

        int? port = arguments.GetValue(s_port);
        if (address is null == (subscriber is null) || address is null != port is null)
            return "--address with --port is needed, or --subscriber";
        if (port is < 0 or > ushort.MaxValue)
            return string.Create(CultureInfo.InvariantCulture, $"--port {port} is no port; 0 to 65535 would be");
        int skew = arguments.GetValue(s_skew);
        if (skew < 0)
            return string.Create(CultureInfo.InvariantCulture, $"--skew {skew} is no time; 0 or more seconds would be");
        question = new TraceQuestion(
            address, (ushort)(port ?? 0), protocol, subscriber, at, TimeSpan.FromSeconds(skew));
        return null;
    }
}
