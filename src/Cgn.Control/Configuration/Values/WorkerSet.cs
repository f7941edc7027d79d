using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Cgn.Control.Configuration.Values;

/// <summary>How many workers, and on which processors: <c>auto</c>, a count, or a list of processor numbers.</summary>
/// <param name="Count">Workers, 1 to <see cref="CountMax"/>; 0 for one on each processor.</param>
/// <param name="Cpus">Processors, one for each worker; empty leaves it to the scheduler.</param>
public readonly record struct WorkerSet(int Count, IReadOnlyList<int> Cpus) : IConfigListValue<WorkerSet>
{
    /// <summary>Most workers, and so shards.</summary>
    public const int CountMax = 64;

    private const int CpuMax = 1023;

    /// <inheritdoc/>
    public static string Pattern => "^(auto|[0-9]{1,2})$";

    /// <inheritdoc/>
    public static string Example => "auto";

    /// <summary>One on each processor.</summary>
    public static WorkerSet Auto => new(0, []);

    /// <summary>The number of workers on a machine.</summary>
    /// <param name="processorCount">Processors that the machine has.</param>
    public int CountOn(int processorCount) => Count != 0 ? Count : Math.Clamp(processorCount, 1, CountMax);

    /// <inheritdoc/>
    public static bool TryParse(string text, out WorkerSet value, out string fault)
    {
        value = Auto;
        fault = "";
        if (text == "auto")
            return true;
        if (TryNumber(text, out int count) && count is >= 1 and <= CountMax)
            value = new WorkerSet(count, []);
        else
            fault = $"'{text}' is no number of workers; auto, 1 to {CountMax} or a list such as [2, 3] would be";
        return fault.Length == 0;
    }

    /// <inheritdoc/>
    public static bool TryParse(IReadOnlyList<string> words, out WorkerSet value, out string fault)
    {
        value = Auto;
        fault = "";
        var cpus = new List<int>();
        foreach (string word in words)
        {
            if (!TryNumber(word, out int cpu) || cpu > CpuMax)
                fault = $"'{word}' is not the number of a processor; 0 to {CpuMax} would be";
            else if (cpus.Contains(cpu))
                fault = $"processor {cpu} is named twice; each worker needs its own";
            cpus.Add(cpu);
        }

        if (fault.Length == 0 && cpus.Count is 0 or > CountMax)
            fault = $"there are {cpus.Count} processors in the list; 1 to {CountMax} would be right";
        if (fault.Length == 0)
            value = new WorkerSet(cpus.Count, cpus);
        return fault.Length == 0;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => Count == 0 ? "auto"
        : Cpus.Any() ? $"[{string.Join(", ", Cpus)}]"
        : Count.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
