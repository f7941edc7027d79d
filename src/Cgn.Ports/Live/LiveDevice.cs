using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Memory.Frames;
using Cgn.Ports.Kernel;
using Cgn.Ports.Native;
using Cgn.Ports.Steering;

using SharpPcap;
using SharpPcap.LibPcap;

namespace Cgn.Ports.Live;

/// <summary>
/// A device under libpcap: a port for each worker, the rules that keep the kernel from what is ours, and receive
/// offloads turned off.
/// </summary>
public sealed class LiveDevice : INetworkDevice
{
    /// <summary>Bytes of each port's receive buffer in the kernel where nothing else is asked for.</summary>
    public const int DefaultBufferBytes = 16 << 20;

    private readonly List<PcapPort> _ports = [];
    private readonly SteeringMatcher _matcher;
    private readonly KernelShield _shield;
    private readonly DeviceOffloads _offloads;

    /// <summary>Opens a device of the calling thread's network namespace.</summary>
    /// <param name="store">The area that all frames lie in.</param>
    /// <param name="device">Its name, as in <c>ip link</c>.</param>
    /// <param name="side">The side of the box that its frames carry.</param>
    /// <param name="rules">Which frames are ours there.</param>
    /// <param name="workers">Ports to open, one for each worker; the kernel spreads frames over them by flow.</param>
    /// <param name="bufferBytes">Bytes of each port's receive buffer in the kernel.</param>
    /// <exception cref="PortException">The device can't be opened; it is as it was then.</exception>
    public LiveDevice(
        FrameStore store,
        string device,
        byte side,
        SteeringRules rules,
        int workers = 1,
        int bufferBytes = DefaultBufferBytes)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferBytes, 1 << 16);
        Info = DeviceInfo.Read(device);
        Side = side;
        rules.Check(device);
        _matcher = new SteeringMatcher(rules);
        _offloads = new DeviceOffloads(Info, isLater: false, ReceiveOffload.Generic, ReceiveOffload.Large);
        try
        {
            // Listening comes before the rules: with them in place and no listener, what is ours would be lost.
            for (int worker = 0; worker < workers; worker++)
                _ports.Add(new PcapPort(store, Find(device), _matcher, side, (ushort)worker, bufferBytes));
            ushort group = (ushort)(Environment.ProcessId ^ (Info.Index << 8));
            for (int worker = 0; worker < workers && workers > 1; worker++)
                _ports[worker].JoinGroup(group);
            _shield = new KernelShield(device, rules);
        }
        catch
        {
            _ports.ForEach(port => port.Dispose());
            _offloads.Dispose();
            throw;
        }
    }

    /// <summary>Name, number, addresses and sizes of the device, as they were at the opening.</summary>
    public DeviceInfo Info { get; }

    /// <summary>The side of the box that the device is on.</summary>
    public byte Side { get; }

    /// <summary>A port for each worker, in their order.</summary>
    public IReadOnlyList<PcapPort> Ports => _ports;

    /// <inheritdoc/>
    public void SetOwnAddresses(IReadOnlyList<uint> addresses)
    {
        _matcher.SetOwnAddresses(addresses);
        _shield.SetOwnAddresses(addresses);
    }

    /// <inheritdoc/>
    public void SetRules(SteeringRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        rules.Check(Info.Name);
        _shield.SetRules(rules);
        _matcher.SetRules(rules);
    }

    /// <inheritdoc/>
    public void KeepOffloads() => _offloads.Keep();

    /// <summary>Puts the device back as it was.</summary>
    public void Dispose()
    {
        _shield.Dispose();
        _ports.ForEach(port => port.Dispose());
        _offloads.Dispose();
    }

    private static LibPcapLiveDevice Find(string device)
    {
        try
        {
            return new LibPcapLiveDevice(
                PcapInterface.GetAllPcapInterfaces().First(candidate => candidate.Name == device));
        }
        catch (Exception error) when (error is PcapException or InvalidOperationException)
        {
            throw new PortException(
                $"{device}: libpcap doesn't see the device; CAP_NET_RAW is needed, and a device that is up"
                + Capabilities.Missing("CAP_NET_RAW"),
                error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new PortException($"{device}: libpcap is missing: install the package libpcap0.8", error);
        }
    }
}
