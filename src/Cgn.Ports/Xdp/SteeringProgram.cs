using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Ports.Native;
using Cgn.Ports.Steering;

namespace Cgn.Ports.Xdp;

/// <summary>
/// The program steer.bpf.c, loaded for one device with maps of its own. It is attached by a link that this process
/// holds: when the process ends, however it ends, the kernel detaches the program.
/// </summary>
internal sealed unsafe class SteeringProgram : IDisposable
{
    private const string ResourceName = "steer.bpf.o";

    private readonly string _device;
    private readonly int _program;
    private readonly int _sockets;
    private readonly int _statistics;
    private readonly int _ownAddresses;
    private nint _object;
    private int _link = -1;

    /// <summary>Loads the program into the kernel and fills its maps. It does nothing until it is attached.</summary>
    /// <exception cref="PortException">The program was not built, a library is missing, or the kernel refused
    /// it.</exception>
    internal SteeringProgram(string device, SteeringRules rules)
    {
        _device = device;
        rules.Check(device);
        _object = Load(device);
        try
        {
            _program = Program();
            _sockets = Map("xsks"u8);
            _statistics = Map("statistics"u8);
            _ownAddresses = Map("own_addresses"u8);
            SteeringMaps.Fill(Map("aftr_addresses"u8), rules.AftrAddresses);
            SteeringMaps.Fill(Map("pool_prefixes"u8), rules.PoolPrefixes);
            SteeringMaps.Fill(Map("subscriber_prefixes"u8), rules.SubscriberPrefixes);
            SteeringMaps.Replace(_ownAddresses, rules.OwnAddresses);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The program runs in the driver rather than on the kernel's generic path.</summary>
    internal bool IsNative { get; private set; }

    /// <summary>
    /// Lets the program see the device's frames: in the driver where it can and may, else on the generic path.
    /// </summary>
    /// <exception cref="PortException">Another program is attached, privilege is missing, or the device
    /// can't.</exception>
    internal void Attach(int interfaceIndex, XdpMode mode, Patience patience)
    {
        int native = mode == XdpMode.Generic ? -LibC.ErrorNoEntry : Attach(interfaceIndex, LibBpf.XdpNative, patience);
        IsNative = native >= 0;
        _link = native >= 0 || mode == XdpMode.Native || native == -LibC.ErrorBusy
            ? native
            : Attach(interfaceIndex, LibBpf.XdpGeneric, patience);
        if (_link >= 0)
            return;
        string hint = _link is -LibC.ErrorBusy or -LibC.ErrorExists
            ? $"another XDP program is attached ('ip link show {_device}' names it); where nobody needs it, "
                + $"'ip link set {_device} xdp off' removes it"
            : "the privileges CAP_NET_ADMIN and CAP_BPF are needed, a device with XDP, and Linux 5.9 or later"
                + Capabilities.Missing("CAP_NET_ADMIN", "CAP_BPF");
        throw new PortException($"{_device}: attaching the steering program: {SystemError.Text(_link)}; {hint}");
    }

    /// <summary>From now on, frames of a queue go to a socket.</summary>
    internal void SetSocket(uint queue, int socket)
    {
        uint value = (uint)socket;
        int error = LibBpf.bpf_map_update_elem(_sockets, &queue, &value, LibBpf.MapAny);
        if (error != 0)
            throw new PortException(
                $"{_device}: queue {queue} can't be steered to its socket: {SystemError.Text(error)}");
    }

    /// <summary>From now on, frames of a queue stay with the kernel.</summary>
    internal void ClearSocket(uint queue) => _ = LibBpf.bpf_map_delete_elem(_sockets, &queue);

    /// <summary>Replaces the box's own addresses while frames flow: an address in both lists is never absent.</summary>
    internal void SetOwnAddresses(IReadOnlyList<uint> addresses) => SteeringMaps.Replace(_ownAddresses, addresses);

    /// <summary>
    /// Replaces everything but the box's own addresses while frames flow: what is in both lists is never absent.
    /// </summary>
    /// <exception cref="PortException">A list is too long, or the kernel refuses.</exception>
    internal void SetRules(SteeringRules rules)
    {
        rules.Check(_device);
        SteeringMaps.Replace(Map("aftr_addresses"u8), rules.AftrAddresses);
        SteeringMaps.Replace(Map("pool_prefixes"u8), rules.PoolPrefixes);
        SteeringMaps.Replace(Map("subscriber_prefixes"u8), rules.SubscriberPrefixes);
    }

    /// <summary>Sums the program's counts over all processors.</summary>
    internal SteeringCounts Counts() => new(
        SteeringMaps.Sum(_statistics, 0), SteeringMaps.Sum(_statistics, 1), SteeringMaps.Sum(_statistics, 2));

    /// <summary>
    /// Runs the program on a frame without any device, for tests. The verdict is XDP's: 2 is pass, 4 redirect.
    /// </summary>
    internal uint Run(ReadOnlySpan<byte> frame)
    {
        // The kernel wants at least an Ethernet header.
        fixed (byte* data = frame)
        {
            LibBpf.TestRunOptions options = new()
            {
                Size = (nuint)sizeof(LibBpf.TestRunOptions),
                DataIn = data,
                DataInBytes = (uint)frame.Length,
                Repeat = 1,
            };
            int error = LibBpf.bpf_prog_test_run_opts(_program, &options);
            if (error != 0)
                throw new PortException(
                    $"running the steering program on {frame.Length} bytes: {SystemError.Text(error)}");
            return options.Result;
        }
    }

    /// <summary>Detaches the program and gives it up.</summary>
    public void Dispose()
    {
        if (_link >= 0)
            _ = LibC.close(_link);
        _link = -1;
        if (_object != 0)
            LibBpf.bpf_object__close(_object);
        _object = 0;
    }

    private int Attach(int interfaceIndex, uint flags, Patience patience) => patience.Ask(() =>
    {
        LibBpf.LinkOptions options = new() { Size = (nuint)sizeof(LibBpf.LinkOptions), Flags = flags };
        return LibBpf.bpf_link_create(_program, interfaceIndex, LibBpf.AttachTypeXdp, &options);
    });

    private static nint Load(string device)
    {
        byte[] content = Content(device);
        XdpLibraries.Check(device);
        fixed (byte* data = content)
        {
            nint file = LibBpf.bpf_object__open_mem(data, (nuint)content.Length, null);
            if (file == 0)
                throw new PortException(
                    $"{device}: the steering program is damaged: {SystemError.Last()}; build Cgn.Ports again");
            int error = LibBpf.bpf_object__load(file);
            if (error == 0)
                return file;
            LibBpf.bpf_object__close(file);
            throw new PortException(
                $"{device}: the kernel refused the steering program: {SystemError.Text(error)}; "
                + "the privileges CAP_NET_ADMIN and CAP_BPF are needed, and a kernel with BPF and XDP sockets"
                + Capabilities.Missing("CAP_NET_ADMIN", "CAP_BPF"));
        }
    }

    private static byte[] Content(string device)
    {
        using Stream? resource = typeof(SteeringProgram).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new PortException(
                $"{device}: AF_XDP is not available because the steering program was not built: "
                + "install the package clang and build again, or choose the driver pcap");
        byte[] content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }

    private int Program()
    {
        fixed (byte* name = "steer\0"u8)
            return LibBpf.bpf_program__fd(LibBpf.bpf_object__find_program_by_name(_object, name));
    }

    private int Map(ReadOnlySpan<byte> name)
    {
        // Literals in UTF-8 are followed by a zero byte in memory (C# specification, UTF-8 string literals).
        fixed (byte* text = name)
        {
            int map = LibBpf.bpf_object__find_map_fd_by_name(_object, text);
            return map >= 0
                ? map
                : throw new PortException(
                    $"{_device}: the steering program has no map {Marshal.PtrToStringUTF8((nint)text)}");
        }
    }
}
