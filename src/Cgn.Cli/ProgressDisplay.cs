using System;
using System.Collections.Generic;
using System.Diagnostics;

using Spectre.Console;

namespace Cgn.Cli;

/// <summary>
/// Drives long work, and shows how far it is once it has taken two seconds and the output is a terminal.
/// </summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Drives the work to its end.</summary>
    /// <param name="title">What it is.</param>
    /// <param name="work">The work, which says from time to time what part is done, 0 to 1.</param>
    internal static void Drive(string title, IEnumerable<double> work)
    {
        bool isTerminal = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
        Stopwatch watch = Stopwatch.StartNew();
        using IEnumerator<double> steps = work.GetEnumerator();
        while (steps.MoveNext())
        {
            if (!isTerminal || watch.Elapsed < s_patience)
                continue;
            AnsiConsole.Progress().AutoClear(true).Start(context => Show(context.AddTask(title), steps));
            return;
        }
    }

    private static void Show(ProgressTask task, IEnumerator<double> steps)
    {
        do
            task.Value = steps.Current * task.MaxValue;
        while (steps.MoveNext());
    }
}
