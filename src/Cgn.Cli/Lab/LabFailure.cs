using System;
using System.ComponentModel;
using System.IO;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>Turns what stops a verb of the lab into one line on standard error and an exit code.</summary>
public static class LabFailure
{
    /// <summary>Runs a verb.</summary>
    /// <returns>The verb's own exit code; 2 or 3 when it was stopped; 130 when the user interrupted it.</returns>
    public static async Task<int> GuardAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (LabException stop)
        {
            await Console.Error.WriteLineAsync($"cgn: {stop.Message}");
            return stop.ExitCode;
        }
        catch (Exception refusal) when (refusal is Win32Exception or UnauthorizedAccessException or IOException)
        {
            await Console.Error.WriteLineAsync($"cgn: {refusal.Message}");
            return LabException.Refused;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("cgn: interrupted");
            return 130;
        }
    }
}
