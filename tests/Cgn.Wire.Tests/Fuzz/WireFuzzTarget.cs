using System;

namespace Cgn.Wire.Tests.Fuzz;

/// <summary>
/// Opens everything as everything, reads every field, writes hostile values into every field and reads again. Any
/// exception, and any span that does not lie in the input, is a finding.
/// </summary>
public static class WireFuzzTarget
{
    /// <summary>Walks any bytes through all views.</summary>
    /// <param name="data">Taken as a frame, as a packet and as every upper layer; it is copied.</param>
    /// <returns>A digest of all that was read, so that two runs can be compared.</returns>
    public static uint Walk(ReadOnlySpan<byte> data)
    {
        byte[] copy = data.ToArray();
        Digest digest = new();
        digest.Add(PacketText.OfFrame(copy).Length);
        digest.Add(PacketText.OfPacket(copy).Length);
        if (!copy.AsSpan().SequenceEqual(data))
            throw new InvalidOperationException("Reading has changed the bytes.");
        // Each view gets its own copy: it also writes, which must not change what the next one sees.
        foreach (byte hostile in (ReadOnlySpan<byte>)[0x00, 0xFF, 0x45, 0x80])
        {
            Frame(ref digest, data.ToArray(), hostile);
            NetworkViews.Ipv4(ref digest, data.ToArray(), hostile);
            NetworkViews.Ipv6(ref digest, data.ToArray(), hostile);
            NetworkViews.Fragment(ref digest, data.ToArray(), hostile);
            NetworkViews.Options(ref digest, data);
            TransportViews.All(ref digest, data, hostile);
            IcmpViews.All(ref digest, data, hostile);
        }

        return digest.Value;
    }

    private static void Frame(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!EthernetView.TryOpen(bytes, out EthernetView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.TagCount + view.OuterVlan + view.InnerVlan + view.EtherType + view.PayloadOffset);
            digest.Add((long)(view.Source.Value + view.Destination.Value));
            digest.Add(view.TagBytes);
            digest.Add(view.Payload);
            if (view.PayloadOffset + view.Payload.Length != bytes.Length)
                throw new InvalidOperationException("The payload does not end with the frame.");
            view.EtherType = hostile;
            view.Source = new MacAddress(hostile);
            view.Destination = new MacAddress(hostile);
            Array.Fill(bytes, hostile);
        }
    }
}
