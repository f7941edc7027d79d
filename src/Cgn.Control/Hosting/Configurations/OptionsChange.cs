using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Comparison;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>What the control plane's own services can't take over while they run.</summary>
public static class OptionsChange
{
    // Keys, or sections with all their keys, whose services read them at their start.
    private static readonly string[] s_fixed =
    [
        "gateway.name", "gateway.state-directory", "gateway.history-directory", "gateway.history-limit",
        "gateway.standby",
        "logging.block-log", "logging.store", "logging.syslog", "logging.ipfix", "logging.on-overflow",
        "metrics", "api", "dhcpv6", "radius",
    ];

    /// <summary>A sentence for each key that differs; empty when the change is possible.</summary>
    /// <param name="now">In force, as written.</param>
    /// <param name="next">To be, as written.</param>
    public static IReadOnlyList<string> Obstacles(GatewayOptions now, GatewayOptions next) =>
        [.. OptionsComparison.Differences(now, next).Where(static found => IsFixed(found.Path)).Select(Sentence)];

    /// <summary>A key takes a restart of the control plane.</summary>
    /// <param name="path">Where it stands.</param>
    public static bool IsFixed(string path) => Array.Exists(
        s_fixed, key => path.StartsWith(key, StringComparison.Ordinal)
            && (path.Length == key.Length || path[key.Length] is '.' or '['));

    private static string Sentence(KeyDifference found) =>
        $"{found.Path} can't change while the gateway runs ({Text(found, found.Old)} to {Text(found, found.New)}); "
        + "a restart takes it";

    private static string Text(KeyDifference found, string? value) => value switch
    {
        null => "none",
        _ => found.IsSection ? "some" : value,
    };
}
