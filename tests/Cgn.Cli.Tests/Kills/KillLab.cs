using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab;
using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Cli.Tests.Kills;

/// <summary>
/// A customer, the gateway as <c>cgn run</c> starts it, and a server, each in a namespace of its own.
/// </summary>
internal sealed class KillLab : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-kills-").FullName;
    private readonly NetworkNamespace _gateway = new($"cgn-kg-{Environment.ProcessId}");
    private Process? _control;

    internal NetworkNamespace Customer { get; } = new($"cgn-kc-{Environment.ProcessId}");

    internal NetworkNamespace Server { get; } = new($"cgn-ks-{Environment.ProcessId}");

    internal StateDirectory State => new(Path.Combine(_folder, "state"));

    internal string BlockLog => Path.Combine(_folder, "blocks.jsonl");

    internal int Control => _control!.Id;

    private string Config => Path.Combine(_folder, "gateway.yaml");

    /// <summary>A lab whose gateway is ready; skips the test where there can be none.</summary>
    internal static async Task<KillLab> StartedAsync()
    {
        Skip.IfNot(Environment.UserName == "root", "network namespaces need root");
        Skip.If(CommandRunner.Find("ip") is null || CommandRunner.Find("ethtool") is null, "needs ip and ethtool");
        KillLab lab = new();
        await lab.StartAsync();
        return lab;
    }

    /// <summary>Has the customer talk, on a thread in his namespace, which nothing in it may leave.</summary>
    internal void Talk(Action talk)
    {
        Exception? failure = null;
        Inside.Start(Customer, () => failure = Record.Exception(talk)).Join();
        Assert.True(failure is null, $"{failure}\n{Said}");
    }

    private async Task StartAsync()
    {
        foreach (NetworkNamespace space in new[] { _gateway, Customer, Server })
            await space.CreateAsync();
        await LinkAsync("in0", "100.64.0.1/10", Customer, "100.64.0.2/10");
        await LinkAsync("out0", "192.0.2.1/24", Server, "192.0.2.2/24");
        await Customer.IpAsync("route add default via 100.64.0.1");
        await Server.IpAsync("route add 198.51.100.0/28 via 192.0.2.1");
        File.WriteAllText(Config, $$"""
            gateway: { name: kills, state-directory: {{State.Path}}, workers: 2 }
            interfaces:
              inside: { device: in0, mtu: 1500 }
              outside: { device: out0, mtu: 1500 }
            nat444: { subscriber-match: [100.64.0.0/10] }
            external-ip-address-pools:
              - { id: public, external-ip-pool: [198.51.100.0/28], port-set-size: 512 }
            plans:
              - { id: home, max-port-sets: 60, connection-limit: 60000, connection-rate-limit: 100000/s }
            subscribers: { default-plan: home }
            logging: { block-log: {{BlockLog}}, sessions: true }
            """);
        StartControl();
        await ReadyAsync(0);
    }

    internal void StartControl()
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "cgn.dll");
        _control?.Dispose();
        _control = Process.Start(new ProcessStartInfo(
            "ip", ["netns", "exec", _gateway.Name, "dotnet", assembly, "run", "--config", Config])
        {
            RedirectStandardError = true,
        })!;
        _control.ErrorDataReceived += (_, line) => Said += line.Data + "\n";
        _control.BeginErrorReadLine();
    }

    /// <summary>Driver of the inside device, as the forwarder says.</summary>
    internal string Driver =>
        MemoryMarshal.Read<StatusPage>(File.ReadAllBytes(State.StatusFile)).InsideDriver.ToString();

    internal string Said { get; private set; } = "";

    /// <summary>The forwarder's process, 0 while none is ready.</summary>
    internal int Forwarder()
    {
        try
        {
            StatusPage page = MemoryMarshal.Read<StatusPage>(File.ReadAllBytes(State.StatusFile));
            return page.State == ForwarderState.Ready && Directory.Exists($"/proc/{page.ProcessId}")
                ? page.ProcessId
                : 0;
        }
        catch (Exception error) when (error is IOException or ArgumentOutOfRangeException)
        {
            return 0;
        }
    }

    /// <summary>Waits until a forwarder that stands by, and lives, has said that it is ready to.</summary>
    internal async Task StandsByAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (!Array.Exists(Said.Split('\n'), IsStandingBy))
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                throw new TimeoutException($"no forwarder stands by\n{Said}");
            await Task.Delay(20);
        }

        bool IsStandingByNow(int process) => process != Forwarder() && Directory.Exists($"/proc/{process}");

        bool IsStandingBy(string line)
        {
            const string Before = "forwarder: ";
            const string After = " stands by";
            int at = line.IndexOf(Before, StringComparison.Ordinal);
            return at >= 0 && line.EndsWith(After, StringComparison.Ordinal)
                && int.TryParse(line[(at + Before.Length)..^After.Length], out int process)
                && IsStandingByNow(process);
        }
    }

    /// <summary>Waits until another forwarder than one is ready.</summary>
    internal async Task<int> ReadyAsync(int other)
    {
        long start = Stopwatch.GetTimestamp();
        int ready;
        while ((ready = Forwarder()) == 0 || ready == other)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"no forwarder became ready: {Said}");
            await Task.Delay(2);
        }

        return ready;
    }

    /// <summary>Waits until the control plane supervises, after it was started anew.</summary>
    internal async Task SupervisedAsync(int readyBefore)
    {
        long start = Stopwatch.GetTimestamp();
        while (Said.Split("kills: ready").Length - 1 <= readyBefore)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"the control plane did not come back: {Said}");
            await Task.Delay(5);
        }
    }

    /// <summary>Has the gateway forget a prefix of subscribers.</summary>
    internal Task ClearAsync(string prefix)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "cgn.dll");
        return CommandRunner.RunAsync("dotnet", [assembly, "clear", "--config", Config, "--subscriber", prefix]);
    }

    internal int TimesReady => Said.Split("kills: ready").Length - 1;

    internal async Task StopAsync()
    {
        await CommandRunner.RunAsync("kill", ["-TERM", $"{Control}"]);
        await _control!.WaitForExitAsync().WaitAsync(s_patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NetworkNamespace space in new[] { _gateway, Customer, Server })
            await space.DeleteAsync();
        _control?.Dispose();
        for (int i = 0; i < 20 && Directory.Exists(_folder); i++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }

    private async Task LinkAsync(string device, string address, NetworkNamespace peer, string peerAddress)
    {
        await _gateway.IpAsync($"link add {device} type veth peer name eth0 netns {peer.Name}");
        await _gateway.IpAsync($"link set {device} up");
        await _gateway.IpAsync($"addr add {address} dev {device}");
        await peer.IpAsync("link set eth0 up");
        await peer.IpAsync($"addr add {peerAddress} dev eth0");
        // What a socket sends over a virtual cable has no checksum yet otherwise.
        (await peer.RunAsync("ethtool", ["-K", "eth0", "tx", "off"])).Require();
    }
}
