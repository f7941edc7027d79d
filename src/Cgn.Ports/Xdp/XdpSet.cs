using System;
using System.Collections.Generic;
using System.Numerics;

using Cgn.Memory.Frames;
using Cgn.Ports.Kernel;

namespace Cgn.Ports.Xdp;

/// <summary>
/// All devices of the process that are under AF_XDP, over one frame store. Opened together, because the kernel lets
/// sockets of one store either all copy or all not: without copying if every driver can, else with.
/// </summary>
public sealed class XdpSet : IDisposable
{
    /// <summary>Entries of each ring where nothing else is asked for.</summary>
    public const int DefaultRingSize = 2048;

    private const int MinRingSize = 64;

    private readonly XdpUmem _umem;
    private readonly List<XdpDevice> _devices = [];

    private XdpSet(
        FrameStore store, IReadOnlyList<XdpDeviceOptions> devices, int workers, int ringSize, bool copies,
        Patience patience)
    {
        _umem = new XdpUmem(store, ringSize, copies);
        try
        {
            foreach (XdpDeviceOptions options in devices)
                _devices.Add(new XdpDevice(_umem, options, workers, patience));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The devices in the order they were asked for.</summary>
    public IReadOnlyList<XdpDevice> Devices => _devices;

    /// <summary>The kernel copies frames between its buffers and the store.</summary>
    public bool Copies => _umem.Copies;

    /// <summary>Opens devices: attaches the steering program to each and a socket to each receive queue.</summary>
    /// <param name="store">Chunks of 2,048 or 4,096 bytes.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="workers">Workers that the queues are spread over, at least 1.</param>
    /// <param name="ringSize">Entries of each ring, a power of two from 64 to 65,536.</param>
    /// <param name="allowZeroCopy">False: the kernel always copies.</param>
    /// <param name="patienceMs">
    /// How long a device that somebody else has is waited for, in milliseconds: a process that has just died, whose
    /// sockets and programs the kernel is still taking down. <see cref="INetworkDevice.KeepOffloads"/> is to follow.
    /// </param>
    /// <exception cref="PortException">A device can't be opened; nothing is left attached then.</exception>
    public static XdpSet Open(
        FrameStore store,
        IReadOnlyList<XdpDeviceOptions> devices,
        int workers,
        int ringSize = DefaultRingSize,
        bool allowZeroCopy = true,
        int patienceMs = 0)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (ringSize is < MinRingSize or > 65536 || !BitOperations.IsPow2(ringSize))
            throw new ArgumentOutOfRangeException(nameof(ringSize), "must be a power of two from 64 to 65536");
        Patience patience = new(patienceMs);
        bool mayZeroCopy = allowZeroCopy;
        foreach (XdpDeviceOptions options in devices)
            mayZeroCopy &= options.Mode != XdpMode.Generic;
        if (mayZeroCopy)
        {
            try
            {
                XdpSet set = new(store, devices, workers, ringSize, copies: false, patience);
                if (set._devices.TrueForAll(device => device.IsNative))
                    return set;
                set.Dispose();
            }
            catch (PortException)
            {
                // Whatever it was, the attempt with copying meets it again or succeeds.
            }
        }

        return new XdpSet(store, devices, workers, ringSize, copies: true, patience);
    }

    /// <summary>
    /// Does what <see cref="Open"/> does up to the point where a device would notice, and takes it back: libraries are
    /// loaded and code is compiled then. What fails is left for <see cref="Open"/> to say.
    /// </summary>
    /// <param name="devices">The devices.</param>
    public static void Rehearse(IReadOnlyList<XdpDeviceOptions> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        DeviceOffloads.Rehearse();
        try
        {
            using FrameStore store = new(MinRingSize);
            using XdpUmem umem = new(store, MinRingSize, copies: true);
            foreach (XdpDeviceOptions options in devices)
            {
                DeviceInfo info = DeviceInfo.Read(options.Device);
                using SteeringProgram program = new(info.Name, options.Rules);
                program.SetOwnAddresses([]);
            }
        }
        catch (PortException)
        {
        }
    }

    /// <summary>Puts every device back as it was. Ports not released before lose the chunks that they hold.</summary>
    public void Dispose()
    {
        foreach (XdpDevice device in _devices)
            device.Dispose();
        _umem.Dispose();
    }
}
