using System.IO;

using Cgn.Control.Configuration;

namespace Cgn.Cli.Verbs;

/// <summary>Tells what is wrong with a configuration, as every verb that reads one does.</summary>
public static class ConfigReport
{
    /// <summary>
    /// Writes one line for each fault: <c>cgn: FILE:LINE:COLUMN: what is wrong, and what would be right</c>.
    /// </summary>
    /// <param name="to">Standard error.</param>
    /// <param name="faults">Errors and warnings.</param>
    public static void Write(TextWriter to, FaultList faults)
    {
        foreach (Fault fault in faults.All)
            to.WriteLine($"cgn: {fault}");
    }
}
