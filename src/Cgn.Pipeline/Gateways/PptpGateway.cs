using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// PPTP (RFC 2637): the call identifiers that a host inside gives, which are to its GRE what ports are to UDP. Messages
/// keep their length.
/// </summary>
internal static class PptpGateway
{
    private const int IdBytes = 2;

    /// <summary>Reads what is new of the control connection.</summary>
    /// <param name="s">The stream; its changes are added, and it is read on.</param>
    /// <param name="fresh">Bytes from <see cref="GatewayStream.Next"/> on.</param>
    /// <param name="talk">Whose it is.</param>
    public static void Read(ref GatewayStream s, ReadOnlySpan<byte> fresh, in Talk talk)
    {
        int changes = 0;
        Span<byte> start = stackalloc byte[PptpMessage.StartBytes];
        while (!fresh.IsEmpty && s.IsOpaque == 0)
        {
            int held = s.HeldLength;
            int taken = (int)Math.Min(s.Skip != 0 ? s.Skip : (uint)(PptpMessage.StartBytes - held), (uint)fresh.Length);
            ReadOnlySpan<byte> piece = fresh[..taken];
            fresh = fresh[taken..];
            if (s.Skip != 0)
            {
                s.Skip -= (uint)taken;
                s.Next += (uint)taken;
                continue;
            }

            Span<byte> message = s.Held;
            piece.CopyTo(message[held..]);
            if (held + taken < PptpMessage.StartBytes)
            {
                s.HeldLength += (byte)taken;
                s.Next += (uint)taken;
                return;
            }

            message[..PptpMessage.StartBytes].CopyTo(start);
            Message(ref s, start, talk, ref changes);
        }

        s.Next += (uint)fresh.Length;
    }

    private static void Message(ref GatewayStream s, Span<byte> start, in Talk talk, ref int changes)
    {
        bool isMessage = PptpMessage.TryRead(start, out PptpMessage read);
        s.IsOpaque = (byte)(isMessage ? 0 : 1);
        s.Skip = (uint)(isMessage ? read.Length - PptpMessage.StartBytes : 0);
        int at = talk.Outbound ? read.OwnAt : read.PeerAt;
        bool isChanged = false;
        if (at != 0 && changes < GatewayStream.EditsMax)
        {
            ushort call = BinaryPrimitives.ReadUInt16BigEndian(start[at..]);
            ushort other = talk.Outbound ? External(call, read.Begins, talk) : Internal(call, talk);
            isChanged = other != call;
            BinaryPrimitives.WriteUInt16BigEndian(start[at..], other);
        }

        changes += isChanged || s.HeldLength != 0 ? 1 : 0;
        if (s.HeldLength != 0)
        {
            StreamEdits.GiveOut(ref s, PptpMessage.StartBytes, start);
            return;
        }

        if (isChanged)
            StreamEdits.Add(ref s, s.Next + (uint)at, IdBytes, start.Slice(at, IdBytes));
        s.Next += PptpMessage.StartBytes;
    }

    // The identifier that the outside knows a call by; the host's own when there can be no other.
    private static ushort External(ushort call, bool begins, in Talk talk)
    {
        NatShard nat = talk.State.Nat;
        ref readonly SessionRecord s = ref talk.Record;
        uint mapping = nat.FindCall(s.Subscriber, s.InternalAddress, call, s.RemoteAddress);
        if (mapping == 0 && begins)
        {
            ExplicitRequest request = new()
            {
                Kind = ExplicitKind.Call,
                Protocol = (byte)IpProtocol.Gre,
                InternalAddress = s.InternalAddress,
                InternalPort = call,
                RemoteAddress = s.RemoteAddress,
                SuggestedAddress = s.ExternalAddress,
                Control = talk.Session,
            };
            mapping = nat.MakeExplicit(s.Subscriber, request, talk.Now, out DropReason refusal);
            bool isRefused = mapping == 0 || refusal != DropReason.None;
            talk.State.Counters[isRefused ? CounterId.GatewayPinholesRefused : CounterId.GatewayPinholes]++;
        }

        ref readonly MappingRecord m = ref nat.Mapping(mapping);
        return mapping != 0 && m.ExternalAddress == s.ExternalAddress ? m.ExternalPort : call;
    }

    // The host's identifier of a call.
    private static ushort Internal(ushort call, in Talk talk)
    {
        NatShard nat = talk.State.Nat;
        ref readonly SessionRecord s = ref talk.Record;
        ref readonly MappingRecord m = ref nat.Mapping(
            nat.FindMapping(s.ExternalAddress, call, (byte)IpProtocol.Gre));
        return m.IsLive && m.Subscriber == s.Subscriber && m.InternalAddress == s.InternalAddress
            ? m.InternalPort
            : call;
    }
}
