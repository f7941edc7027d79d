using System;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>The families of the two devices (RFC 8343), as their ports count them.</summary>
internal static class InterfaceMetrics
{
    private const string In = "in";
    private const string Out = "out";

    public static void Add(MetricFamilies<GatewaySample> families)
    {
        families.Counter(
            "cgn_interface_frames_total", "Frames that passed a device, by side of the gateway and direction.",
            "side", "direction");
        Sides(families, static port => port.ReceivedFrames, In);
        Sides(families, static port => port.TransmittedFrames, Out);
        families.Counter(
            "cgn_interface_bytes_total", "Bytes of those frames, from the Ethernet header, without check sequence.",
            "side", "direction");
        Sides(families, static port => port.ReceivedBytes, In);
        Sides(families, static port => port.TransmittedBytes, Out);
        families.Counter(
            "cgn_interface_discards_total", "Frames lost at a device for want of room: a full ring, no free frame.",
            "side", "direction");
        Sides(families, static port => port.ReceiveRingFull + port.ReceiveNoChunk, In);
        Sides(families, static port => port.TransmitRingFull, Out);
        families.Counter(
            "cgn_interface_errors_total",
            "Frames lost at a device for another reason: too long to take, refused when sent.", "side", "direction");
        Sides(families, static port => port.ReceiveInvalid, In);
        Sides(families, static port => port.TransmitFailed, Out);
    }

    private static void Sides(MetricFamilies<GatewaySample> families, Func<PortStatus, long> read, string direction)
    {
        families.Series(sample => read(sample.View.Status.InsidePort), "inside", direction);
        families.Series(sample => read(sample.View.Status.OutsidePort), "outside", direction);
    }
}
