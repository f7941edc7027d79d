using System;

using Cgn.Model.Tests.Nat;
using Cgn.Model.Tests.Traffic;

namespace Cgn.Model.Tests.Running;

/// <summary>Runs cases.</summary>
internal static class Runner
{
    // Tables are compared after so many operations, and at the end.
    private const int TablesEvery = 8;

    /// <returns>What differed, null when nothing did.</returns>
    public static string? Difference(Case run, Coverage? coverage = null, int tablesEvery = TablesEvery)
    {
        try
        {
            using SideBySide both = new(run.Config, coverage);
            Run(both, run, tablesEvery);
            return null;
        }
        catch (ModelException difference)
        {
            return difference.Message;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure.ToString();
        }
    }

    public static void Run(SideBySide both, Case run, int tablesEvery = TablesEvery)
    {
        int count = 0;
        foreach (Operation operation in run.Operations)
        {
            count++;
            try
            {
                both.Run(operation, count % tablesEvery == 0);
            }
            catch (ModelException difference)
            {
                throw new ModelException($"operation {count}, {operation}: {difference.Message}", difference);
            }
        }

        both.Finish();
    }
}
