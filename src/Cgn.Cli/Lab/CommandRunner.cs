using System;
using System.Buffers;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab;

/// <summary>Runs programs to their end, each with a time limit, and keeps what they said.</summary>
public static class CommandRunner
{
    /// <summary>
    /// The exit code given to a program that was killed for taking too long; what <c>timeout</c> uses.
    /// </summary>
    public const int TimedOut = 124;

    private static readonly SearchValues<char> s_shellCharacters = SearchValues.Create(" \t\n'\"\\$&|;<>(){}*?#`");
    private static readonly string[] s_systemFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

    /// <summary>Runs a program without a shell.</summary>
    /// <param name="program">Its name, looked up in PATH and in the folders for administration.</param>
    /// <param name="arguments">Passed on as they are.</param>
    /// <param name="limit">After this long it is killed, with its children; 30 seconds unless told.</param>
    /// <param name="input">Written to its standard input, which is then closed.</param>
    /// <param name="cancellation">Kills it too.</param>
    /// <exception cref="LabException">There is no such program.</exception>
    public static async Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        TimeSpan? limit = null,
        string? input = null,
        CancellationToken cancellation = default)
    {
        string command = string.Join(' ', arguments.Prepend(program).Select(Quote));
        string path = Find(program) ?? throw new LabException($"There is no program {program} on this machine.");
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Start(start, command);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await WriteInputAsync(process, input);

        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit ?? TimeSpan.FromSeconds(30));
        bool killed = false;
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            killed = true;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
        }

        int exitCode = killed ? TimedOut : process.ExitCode;
        return new CommandResult(command, exitCode, await output, await error);
    }

    /// <summary>Where a program is; null when it is not on this machine.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return File.Exists(program) ? program : null;

        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(s_systemFolders);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    private static Process Start(ProcessStartInfo start, string command)
    {
        try
        {
            return Process.Start(start) ?? throw new LabException($"`{command}` could not be started.");
        }
        catch (Win32Exception refusal)
        {
            throw new LabException($"`{command}` could not be started: {refusal.Message}", refusal);
        }
    }

    private static async Task WriteInputAsync(Process process, string? input)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; its exit code says whether that was right.
        }
    }

    private static string Quote(string word)
    {
        bool plain = word.Length > 0 && !word.AsSpan().ContainsAny(s_shellCharacters);
        return plain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
