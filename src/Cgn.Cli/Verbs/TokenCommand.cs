using System.CommandLine;
using System.IO;
using System.Linq;

using Cgn.Control.Api.Security;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn token add</c>: lets somebody use the API.</summary>
public static class TokenCommand
{
    private static readonly Option<string?> s_config = new("--config", "-c")
    {
        Description = "The gateway's configuration, for its api.token-file",
        HelpName = "FILE",
    };

    private static readonly Option<string?> s_file = new("--token-file")
    {
        Description = "The file that gets the token's hash; left out: as the configuration says",
        HelpName = "FILE",
    };

    private static readonly Option<string> s_name = new("--name")
    {
        Description = "Whose it is, as the audit log names him: letters, digits and . _ @ -",
        HelpName = "NAME",
        Required = true,
    };

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
        return new Command(
            "token",
            "Tokens of the API.\nExample: cgn token add --token-file /etc/cgn/tokens --name alice --role read") { add };
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
        string path = arguments.GetValue(s_file) ?? Configured(arguments, error);
        try
        {
            string token = TokenFile.Add(path, name, role == "write" ? ApiRole.Write : ApiRole.Read);
            arguments.InvocationConfiguration.Output.WriteLine(token);
            error.WriteLine($"cgn: {path} has the hash of the token of {name}; the token itself is not kept anywhere");
            return ExitCodes.Done;
        }
        catch (SystemRefusedException refusal)
        {
            throw new CommandException(refusal.Message, refusal) { ExitCode = ExitCodes.Refused };
        }
    }

    private static string Configured(ParseResult arguments, TextWriter error)
    {
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
            $"{config} names no api.token-file; --token-file says where else the hash goes");
    }
}
