using System;
using System.CommandLine;
using System.IO;
using System.Linq;

using Cgn.Cli.Verbs.Output;
using Cgn.Control.Api.Security;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn token add</c>, <c>list</c> and <c>remove</c>: who may use the API.</summary>
public static class TokenCommand
{
    private static readonly Option<string?> s_config = new("--config", "-c")
    {
        Description = "The gateway's configuration, for its api.token-file",
        HelpName = "FILE",
    };

    private static readonly Option<string?> s_file = new("--token-file")
    {
        Description = "The file of tokens; left out: as the configuration says",
        HelpName = "FILE",
    };

    private static readonly Option<string> s_name = new("--name")
    {
        Description = "Whose it is, as the audit log names him: letters, digits and . _ @ -",
        HelpName = "NAME",
        Required = true,
    };

    private static readonly Argument<string> s_whose = new("NAME") { Description = "Whose token" };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print a JSON array" };

    private static readonly Option<string> s_role = new("--role")
    {
        Description = "What it allows: read, or write too",
        HelpName = "read|write",
        Required = true,
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var add = new Command(
            "add",
            "Makes a token, prints it once and keeps its hash. It holds at once.\n"
            + "Example: cgn token add --config gateway.yaml --name alice --role write")
        {
            s_config, s_file, s_name, s_role,
        };
        add.SetAction(static arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error, () => Add(arguments)));
        var list = new Command(
            "list", "Lists who has a token, and what it allows.\nExample: cgn token list --config gateway.yaml")
        {
            s_config, s_file, s_json,
        };
        list.SetAction(static arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error, () => List(arguments)));
        var remove = new Command(
            "remove",
            "Takes somebody's token away, at once.\nExample: cgn token remove alice --config gateway.yaml")
        {
            s_whose, s_config, s_file,
        };
        remove.SetAction(static arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error, () => Remove(arguments)));
        return new Command(
            "token",
            "Tokens of the API.\nExample: cgn token add --token-file /etc/cgn/tokens --name alice --role read")
        {
            add, list, remove,
        };
    }

    private static int Add(ParseResult arguments)
    {
        string name = arguments.GetRequiredValue(s_name);
        if (name.Length is 0 or > 64 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "._@-".Contains(c)))
        {
            throw new CommandException(
                $"token: --name: '{name}' is no name; letters, digits and . _ @ - would be right");
        }

        string role = arguments.GetRequiredValue(s_role);
        if (role is not ("read" or "write"))
            throw new CommandException($"token: --role: '{role}' is no role; read or write would be");
        TextWriter error = arguments.InvocationConfiguration.Error;
        string path = PathOf(arguments);
        string token = Ask(() => TokenFile.Add(path, name, role == "write" ? ApiRole.Write : ApiRole.Read))
            ?? throw new CommandException(
                $"token: --name: {path} has a token of {name} already; another name would be right, or "
                + $"'cgn token remove {name}' before");
        arguments.InvocationConfiguration.Output.WriteLine(token);
        error.WriteLine($"cgn: {path} has the hash of the token of {name}; the token itself is not kept anywhere");
        return ExitCodes.Done;
    }

    private static int List(ParseResult arguments)
    {
        string path = PathOf(arguments);
        Listing listing = new(
            ["name", "role"],
            Ask(() => TokenFile.List(path)).Select(
                static each => new object?[] { each.Name, each.Role == ApiRole.Write ? "write" : "read" }));
        TextWriter output = arguments.InvocationConfiguration.Output;
        if (arguments.GetValue(s_json))
            ListingWriter.Json(listing, int.MaxValue, output);
        else
            ListingWriter.Text(listing, int.MaxValue, output, isTerminal: false);
        return ExitCodes.Done;
    }

    private static int Remove(ParseResult arguments)
    {
        string path = PathOf(arguments);
        string name = arguments.GetRequiredValue(s_whose);
        if (!Ask(() => TokenFile.Remove(path, name)))
            throw new CommandException($"token: {path} has no token of {name}; 'cgn token list' says whose there are");
        arguments.InvocationConfiguration.Error.WriteLine($"cgn: the token of {name} is no longer in {path}");
        return ExitCodes.Done;
    }

    private static T Ask<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SystemRefusedException refusal)
        {
            throw new CommandException(refusal.Message, refusal) { ExitCode = ExitCodes.Refused };
        }
    }

    private static string PathOf(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        if (arguments.GetValue(s_file) is { } path)
            return path;
        if (arguments.GetValue(s_config) is not { } config)
        {
            throw new CommandException(
                "token: --token-file FILE or --config FILE is missing; --config gateway.yaml would be right");
        }

        if (!ConfigLoader.TryLoad(config, out _, out GatewayOptions? options, out FaultList faults))
        {
            ConfigReport.Write(error, faults);
            throw new CommandException($"{config}: not usable");
        }

        return options.Api?.TokenFile ?? throw new CommandException(
            $"{config} names no api.token-file; --token-file says where else the hashes are");
    }
}
