using System.Text;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Devices and their MTUs.</summary>
internal static class InterfaceChecks
{
    // IFNAMSIZ of linux/if.h, less the terminator.
    private const int DeviceNameBytesMax = 15;
    private const int SoftwireHeaderBytes = 40;
    private const int LimitHeaderBytes = 8;

    private static readonly char[] s_noLetters = [.. " /:\t\n"];

    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.Interfaces is not { } interfaces)
        {
            faults.Warn(default, "there is no section interfaces: translate and replay work without, run does not");
            return;
        }

        InsideInterfaceSection inside = interfaces.Inside;
        OutsideInterfaceSection outside = interfaces.Outside;
        Device(inside, nameof(inside.Device), inside.Device, faults);
        Device(outside, nameof(outside.Device), outside.Device, faults);
        if (inside.Device.Length != 0 && inside.Device == outside.Device)
        {
            faults.Error(
                outside.PlaceOf(nameof(outside.Device)),
                $"both sides name the device {inside.Device}; a VLAN device for each side would be right");
        }

        if (options.DsLite is { } dsLite && inside.IsWhole && outside.IsWhole)
            TunnelMtu(dsLite, inside, outside, faults);
    }

    private static void Device(ConfigSection section, string property, string name, FaultList faults)
    {
        bool isName = Encoding.UTF8.GetByteCount(name) <= DeviceNameBytesMax && name is not ("." or "..")
            && name.IndexOfAny(s_noLetters) < 0;
        if (!isName)
        {
            faults.Error(
                section.PlaceOf(property),
                $"'{name}' can't be a device's name; up to 15 letters would be: eth0");
        }
    }

    private static void TunnelMtu(
        DsLiteSection dsLite, InsideInterfaceSection inside, OutsideInterfaceSection outside, FaultList faults)
    {
        int tunnelMtu = dsLite.TunnelMtu ?? inside.Mtu;
        int header = SoftwireHeaderBytes + (dsLite.EncapsulationLimit < 0 ? 0 : LimitHeaderBytes);
        if (tunnelMtu > inside.Mtu)
        {
            faults.Error(
                dsLite.PlaceOf(nameof(dsLite.TunnelMtu)),
                $"ds-lite.tunnel-mtu {tunnelMtu} is above interfaces.inside.mtu {inside.Mtu}; "
                + $"at most {inside.Mtu} would fit the link");
        }
        else if (tunnelMtu < outside.Mtu + header)
        {
            faults.Warn(
                dsLite.PlaceOf(nameof(dsLite.TunnelMtu)),
                $"softwire packets of {tunnelMtu} bytes can't hold outside packets of {outside.Mtu}, which will be "
                + $"fragmented; {outside.Mtu + header} inside would avoid it (RFC 6333 section 5.3)");
        }
    }
}
