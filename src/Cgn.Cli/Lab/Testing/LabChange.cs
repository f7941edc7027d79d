using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Lab.Testing;

/// <summary>Changes to the lab's configuration that checks have the running gateway take.</summary>
public static class LabChange
{
    private const string Metro = "    port-set-timeout: 120s\n";

    /// <summary>A second pool.</summary>
    /// <param name="yaml">The configuration.</param>
    /// <param name="prefix">Its addresses.</param>
    public static string SecondPool(string yaml, string prefix) => Replace(
        yaml, Metro, $"{Metro}  - id: second\n    external-ip-pool: [{prefix}]\n    port-set-size: 512\n");

    /// <summary>Other addresses for the second pool.</summary>
    public static string Resized(string yaml, string from, string to) => Replace(yaml, $"[{from}]", $"[{to}]");

    /// <summary>Nobody new is given anything of the first pool.</summary>
    public static string Drained(string yaml) => Replace(yaml, Metro, $"{Metro}    drain: true\n");

    /// <summary>Another rate and another plan: the homes' own is faster, and they are put on a new one.</summary>
    public static string OtherPlan(string yaml)
    {
        string faster = Replace(yaml, "rate-down: 20Mbit/s", "rate-down: 24Mbit/s");
        string second = Replace(
            faster, "subscribers:\n", "  - { id: home-22m, rate-down: 22Mbit/s, rate-up: 4Mbit/s, burst: 200ms }\n\n"
            + "subscribers:\n");
        return Replace(second, "default-plan: home-20m", "default-plan: home-22m");
    }

    /// <summary>Some subscribers in a walled garden that holds only a portal.</summary>
    /// <param name="yaml">The configuration.</param>
    /// <param name="portal">The portal's page, at the lab's server.</param>
    /// <param name="subscribers">Who is in the garden.</param>
    public static string Garden(string yaml, string portal, IEnumerable<string> subscribers)
    {
        string entries = string.Concat(
            subscribers.Select(static one => $"    - {{ match: \"{one}\", plan: not-paid }}\n"));
        return Replace(yaml, "subscribers:\n  default-plan: home-20m\n", $$"""
              - { id: not-paid, walled-garden: true, rate-down: 2Mbit/s, rate-up: 1Mbit/s }

            walled-garden: { portal: "{{portal}}", allow: [{{LabTopology.ServerAddress}}/32], original-url: url }

            subscribers:
              default-plan: home-20m
              static:

            """ + entries);
    }

    /// <summary>Two mistakes.</summary>
    public static string Broken(string yaml) => Replace(
        Replace(yaml, "rate-up: 4Mbit/s", "rate-up: 4Mbits"), "filtering-type: eif", "filtering-type: all");

    /// <summary>What takes a restart: more workers.</summary>
    public static string MoreWorkers(string yaml) => Replace(yaml, "workers: 1", "workers: 2");

    /// <summary>Puts one piece of text in the place of another, of which there must be one at least.</summary>
    /// <exception cref="LabException">There is none.</exception>
    private static string Replace(string yaml, string old, string replacement) =>
        yaml.Contains(old, StringComparison.Ordinal)
            ? yaml.Replace(old, replacement, StringComparison.Ordinal)
            : throw new LabException($"configs/lab.yaml has no '{old.Trim()}' any more; right: the change beside it.");
}
