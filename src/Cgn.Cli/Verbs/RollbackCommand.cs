using System;
using System.CommandLine;
using System.IO;

using Cgn.Cli.Verbs.Rollback;
using Cgn.Contract.Process;
using Cgn.Control.Configuration.History;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn rollback</c>: an earlier configuration comes into force again.</summary>
public static class RollbackCommand
{
    private static readonly HistoryOption s_history = new();

    private static readonly Argument<int?> s_number = new("N")
    {
        Description = "Number of 'cgn history'; left out: the one before the one in force",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> s_yes = new("--yes", "-y")
    {
        Description = "Do it without telling what it does and asking",
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "rollback",
            "Brings an earlier configuration into force: checks it, tells what it would do, writes the file and waits "
            + "for the gateway to take it.\n"
            + "Example: cgn rollback 12 --config gateway.yaml")
        {
            s_number, s_history.Config, s_history.StateDirectory, s_history.History, s_yes,
        };
        command.SetAction(static arguments =>
            CommandGuard.Run(arguments.InvocationConfiguration.Error, () => Run(arguments)));
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        TextWriter error = arguments.InvocationConfiguration.Error;
        if (arguments.GetValue(s_history.Config) is not { } path)
        {
            error.WriteLine("cgn: rollback: --config FILE is missing: the file that the gateway was started with");
            return ExitCodes.Unusable;
        }

        if (!s_history.TryFind(arguments, "rollback", error, out ConfigHistory? history, out StateDirectory directory))
            return ExitCodes.Unusable;
        var back = new RollbackRun(path, history!, directory, arguments.InvocationConfiguration.Output, error);
        Func<bool>? ask = arguments.GetValue(s_yes) ? null : Ask;
        return back.Run(arguments.GetValue(s_number), ask);

        bool Ask()
        {
            if (Console.IsInputRedirected)
                throw new CommandException("rollback: nobody can be asked; --yes does it without");
            arguments.InvocationConfiguration.Output.Write("Do it? [y/N] ");
            return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
        }
    }
}
