using System.CommandLine;
using System.IO;

namespace Cgn.Cli.Tests.Verbs;

/// <summary>A verb run in this process, with what it printed.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static CommandRun Of(Command command, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = command.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
