using System;
using System.CommandLine;
using System.IO;
using System.Threading;

using Cgn.Cli.Verbs.Remote;
using Cgn.Contract.Process;
using Cgn.Control.Api;
using Cgn.Control.Configuration.Model;
using Cgn.Control.State;

using Spectre.Console;

namespace Cgn.Cli.Verbs.Top;

/// <summary><c>cgn top</c>: what the gateway does now, on a screen that renews itself.</summary>
public static class TopCommand
{
    private const int CountMax = 1000;

    private static readonly GatewayOption s_gateway = new();
    private static readonly ApiOption s_api = new();
    private static readonly Option<int> s_interval =
        CountOption.Of("--interval", "Seconds that a screen stands, and that its rates are of", 1, 60);

    private static readonly Option<int> s_count =
        CountOption.Of("--count", "Subscribers shown, the busiest first", 10, CountMax);

    private static readonly Option<bool> s_once = new("--once")
    {
        Description = "Print one screen and end; so it is anyway where there is no terminal",
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object and end" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "top",
            "Shows what the gateway does now: rates, pools, workers, the busiest subscribers, drops. q ends it.\n"
            + "Example: cgn top --config gateway.yaml")
        {
            s_gateway.Config, s_gateway.Directory, s_interval, s_count, s_once, s_json, s_api.Address, s_api.Token,
            s_api.Roots,
        };
        command.SetAction(static arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error, () => Top(arguments)));
        return command;
    }

    private static int Top(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        StateDirectory directory = default;
        GatewayOptions? options = null;
        if (!s_api.IsGiven(arguments) && !s_gateway.TryFind(arguments, "top", error, out directory, out options))
            return ExitCodes.Unusable;
        try
        {
            (TopSource source, string title) = Source(arguments, directory, options);
            using (source)
                return Show(arguments, source, title);
        }
        catch (Exception refusal) when (refusal is ApiException or StateException
            || refusal is AggregateException { InnerException: ApiException or StateException })
        {
            error.WriteLine($"cgn: {(refusal.InnerException is ApiException inner ? inner : refusal).Message}");
            return ExitCodes.Refused;
        }
    }

    // By the API where there is one that lets us in; on the gateway itself its state can be read without it.
    private static (TopSource Source, string Title) Source(
        ParseResult arguments, StateDirectory directory, GatewayOptions? options)
    {
        string note = "";
        if (s_api.Client(arguments, options) is { } api)
        {
            try
            {
                api.Get("workers");
                return (new TopSource(api), $"{options?.Gateway.Name ?? "gateway"} at {api.Address}");
            }
            catch (ApiException refusal) when (!s_api.IsGiven(arguments))
            {
                api.Dispose();
                arguments.InvocationConfiguration.Error.WriteLine(
                    $"cgn: {refusal.Message}; its state is read instead");
                // Also where the screen covers that line.
                note = refusal.Status == 0 ? "; its API does not answer" : "; its API did not let us in";
            }
        }

        StateReader state = StateReader.Open(directory);
        return (new TopSource(state), $"{options?.Gateway.Name ?? "gateway"} in {directory.Path}{note}");
    }

    private static int Show(ParseResult arguments, TopSource source, string title)
    {
        int seconds = arguments.GetValue(s_interval);
        int count = arguments.GetValue(s_count);
        TextWriter output = arguments.InvocationConfiguration.Output;
        bool isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            && !Console.IsInputRedirected;
        if (!isTerminal || arguments.GetValue(s_once) || arguments.GetValue(s_json))
        {
            TopView view = TopView.Of(source, seconds, count, CancellationToken.None);
            if (arguments.GetValue(s_json))
                TopScreen.Json(view, output);
            else
                TopScreen.Text(view, output);
            return ExitCodes.Done;
        }

        bool isInterrupted = false;
        void Interrupt(object? sender, ConsoleCancelEventArgs told) => (told.Cancel, isInterrupted) = (true, true);
        Console.CancelKeyPress += Interrupt;
        try
        {
            TopScreen.Live(
                AnsiConsole.Console, title, cancellation => TopView.Of(source, seconds, count, cancellation),
                () => Volatile.Read(ref isInterrupted) || IsKeyToEnd());
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
        }

        return ExitCodes.Done;
    }

    private static bool IsKeyToEnd() =>
        Console.KeyAvailable && Console.ReadKey(intercept: true) is { Key: ConsoleKey.Q or ConsoleKey.Escape };
}
