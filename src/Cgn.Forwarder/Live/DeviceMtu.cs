using System;
using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Ports;
using Cgn.Ports.Kernel;

namespace Cgn.Forwarder.Live;

/// <summary>
/// The devices' own MTUs. The kernel drops what is larger without a word, so the smaller one of a device's MTU and the
/// configured one is in force, and what doesn't fit is fragmented or told (RFC 1812 section 4.2.2.9).
/// </summary>
/// <param name="Inside">Of the inside device, in bytes from the IP header.</param>
/// <param name="Outside">Of the outside device.</param>
public readonly record struct DeviceMtu(int Inside, int Outside)
{
    // IPv6 needs that much of any link (RFC 8200 section 5).
    private const int SoftwireMin = 1280;

    /// <summary>What the kernel says now.</summary>
    /// <param name="snapshot">Which devices.</param>
    /// <returns>For a device that there isn't, an MTU that nothing is above.</returns>
    public static DeviceMtu Read(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new DeviceMtu(Of(snapshot.Inside.Device), Of(snapshot.Outside.Device));
    }

    /// <summary>Lowers what a configuration says to what the devices carry.</summary>
    /// <param name="snapshot">The configuration as written.</param>
    /// <param name="notes">Gets a sentence for each MTU that is lowered.</param>
    /// <returns>The configuration to run by.</returns>
    public ConfigSnapshot Fit(ConfigSnapshot snapshot, ICollection<string> notes)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(notes);
        GatewaySettings settings = snapshot.Settings;
        if (Inside < settings.InsideMtu)
            notes.Add(Note(snapshot.Inside.Device, Inside, "interfaces.inside.mtu", settings.InsideMtu));
        else if (Inside < settings.TunnelMtu && snapshot.AftrAddresses.Length != 0)
            notes.Add(Note(snapshot.Inside.Device, Inside, "ds-lite.tunnel-mtu", settings.TunnelMtu));
        if (Outside < settings.OutsideMtu)
            notes.Add(Note(snapshot.Outside.Device, Outside, "interfaces.outside.mtu", settings.OutsideMtu));
        settings.InsideMtu = Math.Min(settings.InsideMtu, Inside);
        settings.TunnelMtu = Math.Min(settings.TunnelMtu, Math.Max(Inside, SoftwireMin));
        settings.OutsideMtu = Math.Min(settings.OutsideMtu, Outside);
        return snapshot with { Settings = settings };
    }

    private static int Of(string device)
    {
        try
        {
            return DeviceInfo.Read(device).Mtu;
        }
        catch (Exception error) when (error is PortException or ArgumentException)
        {
            // Whoever opens it says so.
            return int.MaxValue;
        }
    }

    private static string Note(string device, int mtu, string key, int configured) =>
        $"{device}: its MTU is {mtu} and {key} says {configured}: {mtu} is in force, larger packets are fragmented or "
        + $"answered as too big; 'ip link set {device} mtu {configured}' gives them room";
}
