using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Sockets;
using System.Threading;

using Cgn.Ports;
using Cgn.Ports.Kernel;

namespace Cgn.Forwarder.Live;

/// <summary>
/// The right to forward on devices, whatever the driver and the state directory: one gateway has a device at a time.
/// It is a name in the abstract namespace of unix(7), which belongs to the network namespace, as devices do, and which
/// the kernel gives up at the process's death.
/// </summary>
internal sealed class DeviceClaim : IDisposable
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialBytes = 12;

    // How long a process that was killed a moment ago may still be on its way out.
    private const int PatienceMs = 500;

    private readonly List<Socket> _names = [];

    private DeviceClaim()
    {
    }

    /// <summary>Takes devices of the calling thread's network namespace.</summary>
    /// <param name="devices">Their names.</param>
    /// <exception cref="PortException">Another gateway has one, or there is no such device.</exception>
    internal static DeviceClaim Take(params IEnumerable<string> devices)
    {
        DeviceClaim claim = new();
        try
        {
            foreach (string device in devices.Distinct())
                claim.Take(DeviceInfo.Read(device));
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Does what the taking does, with a name that nobody else uses.</summary>
    internal static void Rehearse()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (TryBind(socket, new UnixDomainSocketEndPoint($"\0cgn-rehearsal-{Guid.NewGuid():N}")))
            socket.Listen();
    }

    /// <summary>Gives them up.</summary>
    public void Dispose() => _names.ForEach(name => name.Dispose());

    private void Take(DeviceInfo device)
    {
        UnixDomainSocketEndPoint name = new(
            string.Create(CultureInfo.InvariantCulture, $"\0cgn-device-{device.Index}"));
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _names.Add(socket);
        long until = Environment.TickCount64 + PatienceMs;
        while (!TryBind(socket, name))
        {
            if (Environment.TickCount64 >= until)
            {
                throw new PortException(
                    $"{device.Name}: another gateway{Holder(name)} forwards on this device; end that one first, or "
                    + "give this one devices of its own");
            }

            Thread.Sleep(1);
        }

        // So that whoever asks can be told which process has it.
        socket.Listen();
    }

    private static bool TryBind(Socket socket, UnixDomainSocketEndPoint name)
    {
        try
        {
            socket.Bind(name);
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    // struct ucred: process, user, group, as they were when it began to listen.
    private static string Holder(UnixDomainSocketEndPoint name)
    {
        try
        {
            using Socket asking = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                Blocking = false,
            };
            asking.Connect(name);
            byte[] credentials = new byte[CredentialBytes];
            _ = asking.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            return $" (process {BinaryPrimitives.ReadInt32LittleEndian(credentials)})";
        }
        catch (SocketException)
        {
            return "";
        }
    }
}
