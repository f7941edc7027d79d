using System;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Bench;

/// <summary>Says where a figure was measured, since it means nothing without.</summary>
internal static class MachineInfo
{
    /// <summary>
    /// Processor, processors seen, whether virtual, kernel, runtime, and how busy the machine was before.
    /// </summary>
    public static string Describe()
    {
        string model = Line("/proc/cpuinfo", "model name");
        bool isVirtual = Line("/proc/cpuinfo", "flags").Contains(" hypervisor", StringComparison.Ordinal);
        string kernel = First("/proc/sys/kernel/osrelease");
        string load = First("/proc/loadavg").Split(' ')[0];
        return $"{model}, {Environment.ProcessorCount} processors{(isVirtual ? ", virtual machine" : "")}, "
            + $"Linux {kernel}, .NET {Environment.Version}, load {load} before";
    }

    private static string Line(string path, string key)
    {
        string? line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))
            : null;
        return line is null ? $"unknown {key}" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string First(string path) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault("unknown") : "unknown";
}
