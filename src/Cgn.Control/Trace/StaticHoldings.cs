using System.Collections.Generic;
using System.Linq;

namespace Cgn.Control.Trace;

/// <summary>Who held a port by a static mapping, from epochs that are whole or changes.</summary>
internal static class StaticHoldings
{
    /// <summary>Whoever held what is asked for, at any time.</summary>
    /// <param name="epochs">All epochs, oldest first.</param>
    /// <param name="question">What is asked; its time is not looked at.</param>
    public static List<Holder> Find(IReadOnlyList<Epoch> epochs, TraceQuestion question)
    {
        List<Holder> found = [];
        Dictionary<EpochMapping, string> open = [];
        foreach (Epoch epoch in epochs)
        {
            EpochMapping[] named = [.. epoch.StaticMappings.Where(one => IsAbout(question, one))];
            EpochMapping[] ended = [.. epoch.StaticMappingsEnded ?? open.Keys.Except(named)];
            foreach (EpochMapping one in ended)
            {
                // What began and ended at once was never in force.
                if (open.Remove(one, out string? from) && from != epoch.Time)
                    found.Add(Held(one, from, epoch.Time));
            }

            foreach (EpochMapping one in named)
                open.TryAdd(one, epoch.Time);
        }

        found.AddRange(open.Select(static one => Held(one.Key, one.Value, null)));
        return found;
    }

    private static bool IsAbout(TraceQuestion question, EpochMapping mapping) =>
        question.IsAbout(mapping.ExternalAddress, mapping.ExternalPort, mapping.ExternalPort)
        && question.IsAbout(mapping.Subscriber)
        && (question.Protocol == 0 || question.Protocol == mapping.Protocol);

    private static Holder Held(EpochMapping mapping, string from, string? to) => new(
        mapping.Subscriber, mapping.ExternalAddress, mapping.ExternalPort, mapping.ExternalPort, from, to, "static");
}
