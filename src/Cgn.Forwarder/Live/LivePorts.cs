using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Ports;
using Cgn.Ports.Kernel;
using Cgn.Ports.Live;
using Cgn.Ports.Steering;
using Cgn.Ports.Xdp;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Both devices under the driver that the configuration asks for, and the kernel's next hops behind them. With
/// <see cref="PortDriver.Auto"/> a device
/// gets AF_XDP where that can be had and libpcap elsewhere, and standard error says which and why.
/// </summary>
internal sealed class LivePorts : IDisposable
{
    /// <summary>How long the kernel may take the devices back from a process that died, in milliseconds.</summary>
    public const int DevicePatienceMs = 3000;

    private DeviceClaim? _claim;
    private readonly int _workers;
    private readonly XdpSet? _xdp;
    private readonly LiveSide _inside;
    private readonly LiveSide _outside;
    private readonly KernelNextHops _nextHops;
    private bool _disposed;

    private LivePorts(int workers, XdpSet? xdp, LiveSide inside, LiveSide outside, KernelNextHops nextHops)
    {
        _workers = workers;
        _xdp = xdp;
        _inside = inside;
        _outside = outside;
        _nextHops = nextHops;
    }

    /// <summary>Neighbours and routes, as the kernel has them.</summary>
    public NextHopTable NextHops => _nextHops;

    /// <summary>The kernel copies frames.</summary>
    public bool Copies => _xdp is { Copies: true };

    /// <summary>Driver of the inside device, for the status page.</summary>
    public string InsideDriver => _inside.Driver;

    /// <summary>Driver of the outside device.</summary>
    public string OutsideDriver => _outside.Driver;

    /// <summary>Opens both devices.</summary>
    /// <param name="snapshot">Which devices, and what is ours on them.</param>
    /// <param name="store">Where frames lie.</param>
    /// <param name="workers">Workers.</param>
    /// <param name="firstGeneration">First generation of the next-hop table.</param>
    /// <param name="mayShare">False: it is known that the kernel has to copy frames.</param>
    /// <param name="needsXdp">
    /// A device that may have either driver gets AF_XDP or isn't opened: it is known that it can have it, if not yet.
    /// </param>
    /// <exception cref="PortException">A device can't be opened; nothing is left open then.</exception>
    public static LivePorts Open(
        ConfigSnapshot snapshot, FrameStore store, int workers, uint firstGeneration, bool mayShare, bool needsXdp)
    {
        OwnAddresses own = new();
        // Beside the devices: the kernel takes its time over both.
        Task<KernelNextHops> reading = Task.Run(() => new KernelNextHops(new KernelNextHopsOptions
        {
            Ports = new Dictionary<string, byte>
            {
                [snapshot.Inside.Device] = FramePort.Inside,
                [snapshot.Outside.Device] = FramePort.Outside,
            },
            FirstGeneration = firstGeneration,
            OwnAddressesChanged = own.Set,
        }));
        // One that has died gives up its devices last: where they are waited for, the claim comes at once afterwards.
        DeviceClaim? claim = needsXdp ? null : Claim(snapshot, reading);
        LivePorts? ports = null;
        try
        {
            ports = OpenBeside(snapshot, store, workers, mayShare, needsXdp, reading);
            own.Lead(ports._inside.Device.SetOwnAddresses);
            ports._claim = claim ??= DeviceClaim.Take(snapshot.Inside.Device, snapshot.Outside.Device);
            return ports;
        }
        catch
        {
            if (ports is null)
                Abandon(reading);
            ports?.Dispose();
            claim?.Dispose();
            throw;
        }
    }

    private static DeviceClaim Claim(ConfigSnapshot snapshot, Task<KernelNextHops> reading)
    {
        try
        {
            return DeviceClaim.Take(snapshot.Inside.Device, snapshot.Outside.Device);
        }
        catch
        {
            Abandon(reading);
            throw;
        }
    }

    private static void Abandon(Task<KernelNextHops> reading)
    {
        try
        {
            reading.GetAwaiter().GetResult().Dispose();
        }
        catch (PortException)
        {
            // What went wrong first is thrown.
        }
    }

    private static LivePorts OpenBeside(
        ConfigSnapshot snapshot, FrameStore store, int workers, bool mayShare, bool needsXdp,
        Task<KernelNextHops> reading)
    {
        WantedDevice[] wanted =
        [
            new(snapshot.Inside.Device, FramePort.Inside, InsideRules(snapshot), snapshot.Inside.Driver),
            new(snapshot.Outside.Device, FramePort.Outside, OutsideRules(snapshot), snapshot.Outside.Driver),
        ];
        List<IDisposable> opened = [];
        try
        {
            XdpSet? xdp = OpenXdp(store, wanted, workers, mayShare, needsXdp);
            if (xdp is not null)
                opened.Add(xdp);
            LiveSide[] sides = [.. wanted.Select(want => OpenSide(store, xdp, want, workers))];
            opened.AddRange(sides);
            return new LivePorts(workers, xdp, sides[0], sides[1], reading.GetAwaiter().GetResult());
        }
        catch
        {
            opened.ForEach(device => device.Dispose());
            throw;
        }
    }

    /// <summary>Goes through what the opening does, as far as no device notices.</summary>
    /// <param name="snapshot">Which devices.</param>
    /// <exception cref="PortException">The kernel refuses.</exception>
    public static void Rehearse(ConfigSnapshot snapshot)
    {
        if (snapshot.Inside.Driver != PortDriver.Pcap || snapshot.Outside.Driver != PortDriver.Pcap)
        {
            XdpSet.Rehearse(
            [
                new XdpDeviceOptions(snapshot.Inside.Device, FramePort.Inside, InsideRules(snapshot)),
                new XdpDeviceOptions(snapshot.Outside.Device, FramePort.Outside, OutsideRules(snapshot)),
            ]);
        }

        DeviceClaim.Rehearse();
        using KernelNextHops nextHops = new(new KernelNextHopsOptions
        {
            Ports = new Dictionary<string, byte>
            {
                [snapshot.Inside.Device] = FramePort.Inside,
                [snapshot.Outside.Device] = FramePort.Outside,
            },
        });
        nextHops.Resolve(0, NextHopTable.Ipv4Low(0));
    }

    /// <summary>A worker's queues of the inside device.</summary>
    public WorkerPorts Inside(int worker) => _inside.For(worker, _workers);

    /// <summary>A worker's queues of the outside device.</summary>
    public WorkerPorts Outside(int worker) => _outside.For(worker, _workers);

    /// <summary>Reads what the kernel counts of the ports, and shows what went through them.</summary>
    /// <param name="page">Where to.</param>
    public void ReadStatistics(ref StatusPage page)
    {
        _inside.ReadStatistics();
        _outside.ReadStatistics();
        page.InsidePort = _inside.Count();
        page.OutsidePort = _outside.Count();
    }

    /// <summary>Sees to it that receive offloads which would spoil packets stay off.</summary>
    public void KeepOffloads()
    {
        _inside.Device.KeepOffloads();
        _outside.Device.KeepOffloads();
    }

    /// <summary>Has the devices take what is another configuration's, while frames flow.</summary>
    /// <exception cref="PortException">A device can't.</exception>
    public void Steer(ConfigSnapshot snapshot)
    {
        _inside.Device.SetRules(InsideRules(snapshot));
        _outside.Device.SetRules(OutsideRules(snapshot));
    }

    /// <summary>Puts the devices back as they were.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _nextHops.Dispose();
        _inside.Dispose();
        _outside.Dispose();
        _xdp?.Dispose();
        _claim?.Dispose();
    }

    private static XdpSet? OpenXdp(
        FrameStore store, WantedDevice[] wanted, int workers, bool mayShare, bool needsXdp)
    {
        XdpDeviceOptions[] devices =
        [
            .. wanted.Where(want => want.Driver != PortDriver.Pcap)
                .Select(want => new XdpDeviceOptions(want.Name, want.Side, want.Rules)),
        ];
        if (devices.Length == 0)
            return null;
        try
        {
            return XdpSet.Open(
                store, devices, workers, allowZeroCopy: mayShare, patienceMs: needsXdp ? DevicePatienceMs : 0);
        }
        catch (PortException error) when (!needsXdp && wanted.All(want => want.Driver != PortDriver.AfXdp))
        {
            Console.Error.WriteLine($"cgn-forwarder: AF_XDP can't be had, going on with libpcap: {error.Message}");
            return null;
        }
    }

    private static LiveSide OpenSide(FrameStore store, XdpSet? xdp, WantedDevice want, int workers)
    {
        XdpDevice? taken = xdp?.Devices.FirstOrDefault(candidate => candidate.Side == want.Side);
        if (taken is not null)
        {
            return new LiveSide(
                taken.IsNative ? StatusWriter.XdpDriver + " native" : StatusWriter.XdpDriver + " generic",
                [.. taken.Ports], taken);
        }

        LiveDevice live = new(store, want.Name, want.Side, want.Rules, workers);
        return new LiveSide("pcap", [.. live.Ports], live);
    }

    private static SteeringRules InsideRules(ConfigSnapshot snapshot) => SteeringRules.Inside(
        [.. snapshot.AftrAddresses.Select(address => new UInt128(address.High, address.Low))],
        [.. snapshot.Nat444Sources.Select(Prefix)],
        []);

    // What is carried untranslated comes back to the subscribers' own addresses.
    private static SteeringRules OutsideRules(ConfigSnapshot snapshot) => SteeringRules.Outside(
    [
        .. snapshot.Pools.SelectMany(pool => pool.Prefixes).Select(Prefix),
        .. (snapshot.PassThrough.Length == 0 ? [] : snapshot.Nat444Sources).Select(Prefix),
        .. snapshot.PassThroughBindings.Select(binding => Prefix(binding.Addresses)),
    ]);

    private static SteeringPrefix Prefix(Ipv4PrefixSetting prefix) => new(prefix.Address, prefix.Length);
}
