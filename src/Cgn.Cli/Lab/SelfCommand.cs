using System;
using System.Collections.Generic;
using System.IO;

namespace Cgn.Cli.Lab;

/// <summary>How this very program is started once more, in another namespace.</summary>
public static class SelfCommand
{
    /// <summary>The program to start: our own executable, or the runtime when we were started through it.</summary>
    public static string Program =>
        Environment.ProcessPath ?? throw new LabException("Cannot find this program's own file to start it once more.");

    /// <summary>The words after <see cref="Program"/> for a verb of ours.</summary>
    public static IReadOnlyList<string> Words(params string[] verb)
    {
        bool throughRuntime = Path.GetFileNameWithoutExtension(Program) == "dotnet";
        return throughRuntime ? [Path.GetFullPath(Environment.GetCommandLineArgs()[0]), .. verb] : verb;
    }
}
