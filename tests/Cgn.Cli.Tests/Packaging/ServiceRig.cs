using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Cli.Lab;
using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>
/// Three namespaces in a row, with the gateway's processes in the middle one, started as the units start them: by an
/// ordinary user with the units' capabilities and none else.
/// </summary>
internal sealed class ServiceRig : IAsyncDisposable
{
    private const string Nobody = "65534";
    private const string Remote = "198.51.100.2";

    private readonly string _prefix = $"cgnu{Environment.ProcessId % 10000}{Random.Shared.Next(1000)}";
    private readonly string _folder;
    private readonly List<ServiceProcess> _processes = [];
    private readonly NetworkNamespace _inside;
    private readonly NetworkNamespace _gateway;
    private readonly NetworkNamespace _outside;

    private ServiceRig()
    {
        _folder = $"/dev/shm/{_prefix}";
        _inside = new NetworkNamespace(_prefix + "i");
        _gateway = new NetworkNamespace(_prefix + "g");
        _outside = new NetworkNamespace(_prefix + "o");
        State = new StateDirectory(Path.Combine(_folder, "state"));
        ConfigFile = Path.Combine(_folder, "gateway.yaml");
    }

    public StateDirectory State { get; }

    public string ConfigFile { get; }

    public static async Task<ServiceRig> CreateAsync(string driver)
    {
        Skip.IfNot(Environment.UserName == "root", "needs root");
        foreach (string program in (string[])["ip", "setpriv", "ping"])
            Skip.If(CommandRunner.Find(program) is null, $"needs the program {program}");
        var rig = new ServiceRig();
        try
        {
            rig.Prepare(driver);
            await rig.LinkAsync();
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }

        return rig;
    }

    /// <summary>Starts a program of the gateway with capabilities.</summary>
    public ServiceProcess Start(string assembly, IReadOnlyList<string> capabilities, params string[] arguments)
    {
        string added = string.Join(",", capabilities.Select(static name => "+" + name).Prepend("-all"));
        string notify = Path.Combine(_folder, $"notify{_processes.Count}");
        string[] words =
        [
            "netns", "exec", _gateway.Name, "setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups",
            "--inh-caps", added, "--ambient-caps", added, "--bounding-set", added, "--no-new-privs",
            "dotnet", Path.Combine(_folder, "bin", assembly), .. arguments,
        ];
        var process = new ServiceProcess(words, notify);
        _processes.Add(process);
        return process;
    }

    /// <summary>Changes the configuration file.</summary>
    public void Edit(string from, string to)
    {
        string text = File.ReadAllText(ConfigFile);
        Assert.Contains(from, text);
        File.WriteAllText(ConfigFile, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Gives a device of the gateway another MTU, in bytes.</summary>
    public Task SetMtuAsync(string device, int mtu) => _gateway.IpAsync($"link set {device} mtu {mtu}");

    /// <summary>A customer's ping is answered, within some seconds: neighbours are found out first.</summary>
    public async Task PingAsync(int customer)
    {
        string once = $"ping -c 1 -W 1 -I 100.64.0.{customer} {Remote}";
        CommandResult ping = await _inside.RunAsync(
            "sh", ["-c", $"for i in 1 2 3 4 5 6 7 8 9 10; do {once} && exit 0; done; exit 1"]);
        Assert.True(ping.ExitCode == 0, ping.Output + string.Concat(_processes.Select(static one => one.Said)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess process in _processes)
            process.Dispose();
        foreach (NetworkNamespace one in (NetworkNamespace[])[_inside, _gateway, _outside])
            await one.DeleteAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void Prepare(string driver)
    {
        string binaries = Path.Combine(_folder, "bin");
        Directory.CreateDirectory(binaries);
        // The checkout may lie where nobody may look.
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            if (Path.GetExtension(file) is ".dll" or ".json" or ".so" or ".xml")
                File.Copy(file, Path.Combine(binaries, Path.GetFileName(file)));
        }

        Directory.CreateDirectory(State.Path);
        File.WriteAllText(ConfigFile, $$"""
            gateway:
              name: unprivileged
              workers: 1
              seed: 7
              state-directory: {{State.Path}}
              capacity: { subscribers: 1000, mappings: 10000, sessions: 20000 }
            interfaces:
              inside:  { device: inside, mtu: 1540, driver: {{driver}} }
              outside: { device: outside, mtu: 1500, driver: {{driver}} }
            nat444: { subscriber-match: [100.64.0.0/24] }
            external-ip-address-pools: [{ id: public, external-ip-pool: [203.0.113.0/28] }]
            plans: [{ id: home, max-port-sets: 4 }]
            subscribers: { default-plan: home }
            """);
        CommandRunner.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", _folder]).GetAwaiter().GetResult().Require();
    }

    private async Task LinkAsync()
    {
        foreach (NetworkNamespace one in (NetworkNamespace[])[_inside, _gateway, _outside])
            await one.CreateAsync();
        await _gateway.IpAsync($"link add inside type veth peer name eth0 netns {_inside.Name}");
        await _gateway.IpAsync($"link add outside type veth peer name eth0 netns {_outside.Name}");
        await _gateway.IpAsync("addr add 100.64.0.1/24 dev inside");
        await _gateway.IpAsync("addr add 198.51.100.1/24 dev outside");
        await _gateway.IpAsync("link set inside mtu 1540 up");
        await _gateway.IpAsync("link set outside up");
        await _inside.IpAsync("link set eth0 mtu 1540 up");
        for (int customer = 10; customer < 26; customer++)
            await _inside.IpAsync($"addr add 100.64.0.{customer}/24 dev eth0");
        await _inside.IpAsync("route add default via 100.64.0.1");
        await _outside.IpAsync("link set eth0 up");
        await _outside.IpAsync($"addr add {Remote}/24 dev eth0");
        await _outside.IpAsync("route add 203.0.113.0/28 via 198.51.100.1");
    }
}
