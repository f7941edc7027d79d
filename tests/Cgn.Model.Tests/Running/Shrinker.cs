using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Model.Tests.Traffic;

namespace Cgn.Model.Tests.Running;

/// <summary>
/// Makes a failing case small: leaves out stretches of operations as long as it still fails (delta debugging), then
/// sets what is left to the plainest that still fails.
/// </summary>
internal static class Shrinker
{
    public static Case Shrink(Case failing, Func<Case, bool> fails)
    {
        Case smallest = failing;
        for (int before = -1; before != Size(smallest);)
        {
            before = Size(smallest);
            smallest = Simplify(LeaveOut(smallest, fails), fails);
        }

        return smallest;
    }

    private static int Size(Case c) => c.Operations.Count + c.Config.Values.Count(value => value != 0)
        + c.Operations.Sum(operation => operation.Values.Sum(value => value != 0 ? 1 : 0));

    private static Case LeaveOut(Case smallest, Func<Case, bool> fails)
    {
        for (int stretch = Math.Max(1, smallest.Operations.Count / 2); stretch >= 1; stretch /= 2)
        {
            for (int at = smallest.Operations.Count - stretch; at >= 0; at -= stretch)
            {
                List<Operation> fewer = [.. smallest.Operations];
                fewer.RemoveRange(at, Math.Min(stretch, fewer.Count - at));
                Case shorter = smallest with { Operations = fewer };
                if (fails(shorter))
                    smallest = shorter;
                at = Math.Min(at, smallest.Operations.Count);
            }
        }

        return smallest;
    }

    private static Case Simplify(Case smallest, Func<Case, bool> fails)
    {
        foreach (Setting setting in Enum.GetValues<Setting>())
        {
            Case plainer = smallest with { Config = smallest.Config.With(setting, 0) };
            if (smallest.Config.Values[(int)setting] != 0 && fails(plainer))
                smallest = plainer;
        }

        for (int i = 0; i < smallest.Operations.Count; i++)
        {
            foreach (Field field in Enum.GetValues<Field>().Where(field => smallest.Operations[i][field] != 0))
            {
                List<Operation> operations = [.. smallest.Operations];
                operations[i] = operations[i].With(field, 0);
                Case plainer = smallest with { Operations = operations };
                if (fails(plainer))
                    smallest = plainer;
            }
        }

        return smallest;
    }
}
