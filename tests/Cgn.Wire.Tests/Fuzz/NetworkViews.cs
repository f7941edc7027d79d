using System;

namespace Cgn.Wire.Tests.Fuzz;

/// <summary>IPv4, IPv6 and their headers' parts, with any bytes.</summary>
internal static class NetworkViews
{
    public static void Ipv4(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!Ipv4View.TryOpen(bytes, out Ipv4View view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        int end = view.Packet.Length;
        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.TrafficClass + view.TotalLength + view.Identification + view.FlagsAndOffset);
            digest.Add(view.FragmentOffsetBytes + view.Ttl + (int)view.Protocol + view.HeaderChecksum);
            digest.Add(view.DontFragment ? 1 : view.MoreFragments ? 2 : view.IsFragment ? 3 : 4);
            digest.Add(view.Source.Value + view.Destination.Value);
            digest.Add(view.IsHeaderChecksumRight ? 1 : 0);
            digest.Add(view.PseudoHeaderSum());
            digest.Add((int)Ipv4Options.Scan(view.Options));
            digest.Add(view.Payload);
            if (view.HeaderLength + view.Payload.Length != end || view.Header.Length - 20 != view.Options.Length)
                throw new InvalidOperationException("The parts of an IPv4 packet do not make up the whole.");
            view.TotalLength = (ushort)(hostile * 257);
            view.FlagsAndOffset = hostile;
            view.DecrementTtl();
            view.FillHeaderChecksum();
            if (!view.IsHeaderChecksumRight)
                throw new InvalidOperationException("A filled checksum is wrong.");
            Array.Fill(bytes, hostile);
        }
    }

    public static void Ipv6(ref Digest digest, byte[] bytes, byte hostile)
    {
        Walk(ref digest, bytes);
        if (!Ipv6View.TryOpen(bytes, out Ipv6View view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            if (!Ipv6View.TryOpenQuoted(bytes, out view, out refusal))
            {
                digest.Refused(refusal);
                return;
            }
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.TrafficClass + view.FlowLabel + view.PayloadLength + (int)view.NextHeader + view.HopLimit);
            digest.Add((long)(view.Source.High + view.Source.Low + view.Destination.High + view.Destination.Low));
            digest.Add(view.Payload);
            Walk(ref digest, view.Packet);
            view.TrafficClass = hostile;
            view.FlowLabel = hostile * 0x01010101u;
            view.PayloadLength = (ushort)(hostile * 257);
            view.NextHeader = (IpProtocol)(hostile & 0x3C);
            Walk(ref digest, view.Packet);
            Array.Fill(bytes, hostile);
        }
    }

    public static void Fragment(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!Ipv6FragmentView.TryOpen(bytes, out Ipv6FragmentView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        digest.Add((int)view.NextHeader + view.FragmentOffsetBytes + view.Identification);
        digest.Add((view.MoreFragments ? 1 : 0) + (view.IsAtomic ? 2 : 0));
        digest.Add(view.Payload);
        view.Identification = hostile;
        view.NextHeader = (IpProtocol)hostile;
    }

    public static void Options(ref Digest digest, ReadOnlySpan<byte> bytes) =>
        digest.Add((int)Ipv4Options.Scan(bytes));

    private static void Walk(ref Digest digest, ReadOnlySpan<byte> packet)
    {
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(packet);
        Check(ref digest, walk, packet.Length);
        if (walk.Kind == Ipv6WalkKind.Fragment)
            Check(ref digest, Ipv6ExtensionWalk.BehindFragment(packet, walk.Offset), packet.Length);
    }

    private static void Check(ref Digest digest, Ipv6ExtensionWalk walk, int length)
    {
        digest.Add((int)walk.Kind + (int)walk.Protocol + walk.Offset + walk.Pointer + (int)walk.OptionAction);
        bool cut = walk.Kind == Ipv6WalkKind.Truncated;
        if (walk.Offset > length || (!cut && walk.Pointer >= length) || !Enum.IsDefined(walk.Kind))
            throw new InvalidOperationException("A walk left its packet.");
        if ((walk.Kind == Ipv6WalkKind.OptionRefused) != (walk.OptionAction != Ipv6OptionAction.Skip))
            throw new InvalidOperationException("Kind and action of a refused option differ.");
    }
}
