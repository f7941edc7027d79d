using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Tests.Configuration;

/// <summary>A small configuration that is right, and ways to spoil it.</summary>
internal static class ConfigText
{
    public const string Small = """
        gateway: { name: test, workers: 1, seed: 7 }
        interfaces:
          inside: { device: in0, mtu: 1540 }
          outside: { device: out0 }
        ds-lite:
          aftr-ipv6-address: [2001:db8:ffff::1]
          subscriber-match: [2001:db8:100::/40]
        external-ip-address-pools:
          - { id: one, external-ip-pool: [203.0.113.0/28] }
        plans:
          - { id: home }
        subscribers: { default-plan: home }

        """;

    /// <summary>The small configuration with some text replaced; the text must be there.</summary>
    public static string With(string from, string to)
    {
        Xunit.Assert.Contains(from, Small);
        return Small.Replace(from, to);
    }

    public static FaultList Faults(string yaml)
    {
        ConfigLoader.TryParse("test.yaml", yaml, out _, out _, out FaultList faults);
        return faults;
    }

    public static IReadOnlyList<string> Lines(string yaml) => [.. Faults(yaml).All.Select(static f => f.ToString())];

    public static ConfigSnapshot Snapshot(string yaml)
    {
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out ConfigSnapshot? snapshot, out _, out FaultList faults);
        Xunit.Assert.True(usable, string.Join('\n', faults.All));
        return snapshot!;
    }

    public static GatewayOptions Options(string yaml)
    {
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out _, out GatewayOptions? options, out FaultList faults);
        Xunit.Assert.True(usable, string.Join('\n', faults.All));
        return options!;
    }
}
