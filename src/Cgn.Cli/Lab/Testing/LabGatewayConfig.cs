using System;
using System.IO;

namespace Cgn.Cli.Lab.Testing;

/// <summary>
/// The gateway's configuration in the lab: configs/lab.yaml with the driver and the access MTU put in.
/// </summary>
public static class LabGatewayConfig
{
    /// <summary>Where the configuration has the gateway write its block log.</summary>
    public const string BlockLogPath = LabState.Folder + "/blocks.jsonl";

    /// <summary>Where the configuration has the gateway keep its state.</summary>
    public const string StateFolder = LabState.Folder + "/gateway";

    /// <summary>Where the configuration has the gateway serve its metrics, inside its own namespace.</summary>
    public const string MetricsEndpoint = "127.0.0.1:9464";

    private const string ResourceName = "lab.yaml";

    /// <summary>The file as it is in the repository; it came along in this program.</summary>
    public static string Template()
    {
        using Stream resource = typeof(LabGatewayConfig).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new LabException($"{ResourceName} is missing from this program.");
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }

    /// <summary>Makes the configuration for one run.</summary>
    /// <param name="driver">`af_xdp` or `pcap`.</param>
    /// <param name="accessMtuBytes">MTU of the inside link and of softwires, bytes.</param>
    public static string Make(string driver, int accessMtuBytes)
    {
        string text = Replace(Template(), "driver: auto", $"driver: {driver}", times: 2);
        text = Replace(text, ", mtu: 1540 }", $", mtu: {accessMtuBytes} }}", times: 1);
        return Replace(text, "tunnel-mtu: 1540", $"tunnel-mtu: {accessMtuBytes}", times: 1);
    }

    private static string Replace(string text, string old, string replacement, int times)
    {
        int found = text.Split(old).Length - 1;
        return found == times
            ? text.Replace(old, replacement, StringComparison.Ordinal)
            : throw new LabException($"configs/lab.yaml has '{old}' {found} times, not {times}.");
    }
}
