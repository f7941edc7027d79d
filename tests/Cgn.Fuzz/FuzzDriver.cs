using System;

namespace Cgn.Fuzz;

/// <summary>Feeds a target with bent inputs, and says which one it fell over.</summary>
public static class FuzzDriver
{
    /// <summary>Runs a target.</summary>
    /// <param name="target">Which.</param>
    /// <param name="seed">Chance: the same gives the same run.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="progress">Told how many are done, every so often; may be null.</param>
    /// <exception cref="FuzzException">The target threw.</exception>
    public static void Run(FuzzTarget target, int seed, long count, Action<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        const int Every = 1 << 16;
        Mutator mutator = new(target.Seeds, seed);
        FuzzAction action = target.Make();
        using IDisposable? state = action.Target as IDisposable;
        for (long number = 1; number <= count; number++)
        {
            byte[] input = mutator.Next();
            try
            {
                action(input);
            }
            catch (Exception finding)
            {
                throw new FuzzException(
                    $"{target.Name}, seed {seed}, input {number}: {finding.Message}\n{Convert.ToHexString(input)}",
                    finding);
            }

            if (number % Every == 0)
                progress?.Invoke(number);
        }
    }
}
