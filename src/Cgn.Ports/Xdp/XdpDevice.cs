using System;
using System.Collections.Generic;

using Cgn.Memory.Frames;
using Cgn.Ports.Kernel;

namespace Cgn.Ports.Xdp;

/// <summary>
/// A device under AF_XDP: the steering program attached to it and a port for each of its receive queues.
/// </summary>
public sealed class XdpDevice : INetworkDevice
{
    private readonly List<XdpPort> _ports = [];
    private readonly DeviceOffloads _offloads;

    internal XdpDevice(XdpUmem umem, XdpDeviceOptions options, int workers, Patience patience)
    {
        Info = DeviceInfo.Read(options.Device);
        Side = options.Side;
        CheckRoom(umem.Store);
        Program = new SteeringProgram(Info.Name, options.Rules);
        // Who takes another's place has no time for it, and what sets them as they were may not have run yet.
        _offloads = new DeviceOffloads(
            Info, isLater: patience.Waits, ReceiveOffload.Large, ReceiveOffload.VlanStripping);
        try
        {
            Program.Attach(Info.Index, options.Mode, patience);
            for (int queue = 0; queue < Info.QueueCount; queue++)
                _ports.Add(new XdpPort(this, umem, (uint)queue, (ushort)(queue % workers), patience));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Name, number, addresses and sizes of the device, as they were at the opening.</summary>
    public DeviceInfo Info { get; }

    /// <summary>The side of the box that the device is on.</summary>
    public byte Side { get; }

    /// <summary>A port for each receive queue; queue q belongs to worker q modulo the number of workers.</summary>
    public IReadOnlyList<XdpPort> Ports => _ports;

    /// <summary>Frames are taken in the driver rather than on the kernel's generic path.</summary>
    public bool IsNative => Program.IsNative;

    internal SteeringProgram Program { get; }

    /// <summary>What the steering program has done, in frames; system calls, so not for every turn.</summary>
    public SteeringCounts ReadSteering() => Program.Counts();

    /// <inheritdoc/>
    public void SetOwnAddresses(IReadOnlyList<uint> addresses) => Program.SetOwnAddresses(addresses);

    /// <inheritdoc/>
    public void SetRules(Steering.SteeringRules rules) => Program.SetRules(rules);

    /// <inheritdoc/>
    public void KeepOffloads() => _offloads.Keep();

    /// <summary>
    /// Detaches the program, so that every frame goes to the kernel again, and closes ports that are still open.
    /// </summary>
    public void Dispose()
    {
        Program.Dispose();
        foreach (XdpPort port in _ports.ToArray())
            port.Dispose();
        _offloads.Dispose();
    }

    internal void Closed(XdpPort port) => _ports.Remove(port);

    // Two tags and the Ethernet header before the largest packet, after the headroom.
    private void CheckRoom(FrameStore store)
    {
        int room = store.ChunkBytes - FrameStore.Headroom - 22;
        if (Info.Mtu > room)
        {
            throw new PortException(
                $"{Info.Name}: its MTU is {Info.Mtu} but a chunk of {store.ChunkBytes} bytes has room for {room}: "
                + $"set the MTU to {room} or less, or take chunks of 4096 bytes");
        }
    }
}
