using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;

using Cgn.Contract.Pools;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Learning;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets;

/// <summary>
/// RADIUS packets: as they come, and signed as one would be who knows the secret, so that what lies behind the
/// signature is reached. Whatever is answered must itself be a packet.
/// </summary>
public sealed class RadiusTarget
{
    private static readonly byte[] s_secret = [1, 2, 3];
    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private readonly SessionTable _sessions;
    private readonly DynamicResponder _responder;
    private readonly AccountingLearner _learner;
    private int _port;

    /// <summary>Makes a gateway with nobody on it.</summary>
    public RadiusTarget()
    {
        Desk desk = new();
        RadiusStatistics statistics = new();
        PolicyReader plans = new(static name => name == "home");
        DynamicClient[] clients = [new(IPAddress.Loopback, s_secret)];
        _sessions = new SessionTable(
            desk, new NoAccountant(), new SessionIds(1), new SessionSettings(), statistics, TimeProvider.System);
        _responder = new DynamicResponder(
            new DynamicSettings
            {
                Clients = clients,
                RememberedMax = int.MaxValue,
                Window = TimeSpan.FromSeconds(1),
            },
            new NasIdentity("nas"), _sessions, plans, statistics, TimeProvider.System);
        _learner = new AccountingLearner(clients, 56, 100, desk, plans, statistics);
    }

    /// <summary>Packets that are right.</summary>
    public static IReadOnlyList<byte[]> Seeds()
    {
        List<byte[]> seeds = [];
        foreach (RadiusCode code in (RadiusCode[])
            [RadiusCode.AccountingRequest, RadiusCode.CoaRequest, RadiusCode.DisconnectRequest])
        {
            var writer = new RadiusPacketWriter(code, 1, withMessageAuthenticator: true);
            writer.Add(AttributeType.DelegatedIpv6Prefix, s_b4.Prefix);
            writer.Add(AttributeType.ProxyState, "proxy");
            if (code != RadiusCode.DisconnectRequest)
            {
                writer.Add(AttributeType.FilterId, "home");
                writer.Add(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(1024, 6).Encode());
                writer.Add(
                    AttributeType.IpPortForwardingMap,
                    new IpPortForwardingMap(1, 2, new Ipv4Address(10, 0, 0, 1), LocalId: "x").Encode());
                writer.AddVendor(PolicyReader.BandwidthVendor, PolicyReader.BandwidthUp, [0, 1, 0, 0]);
            }

            if (code == RadiusCode.AccountingRequest)
            {
                writer.Add(AttributeType.AcctStatusType, 1);
                writer.AddEncoded([245, 7, 1, 0x80, 1, 2, 3, 245, 6, 1, 0, 4, 5, 144, 3, 0]);
                writer.Add(AttributeType.IpPortRange, new IpPortRange(true, 1024, 1535).Encode());
            }

            seeds.Add(writer.SignRequest(s_secret));
        }

        return seeds;
    }

    /// <summary>Reads and answers the input.</summary>
    public void Fuzz(ReadOnlySpan<byte> input)
    {
        if (RadiusPacket.TryRead(input, out RadiusPacket? packet))
        {
            foreach (RadiusAttribute one in packet.Attributes)
            {
                _ = IpPortRange.TryDecode(one, out _);
                _ = one.Text;
            }
        }

        byte[] signed = Sign(input);
        if (_sessions.Count == 0)
            _sessions.Begin(s_b4, [], new SubscriberPolicy(), isAuthenticated: true);
        // Each from a port of its own, so that none is taken for one that was there before.
        var from = new IPEndPoint(IPAddress.Loopback, 1 + (_port++ % ushort.MaxValue));
        Judge(_responder.Respond(signed, from));
        Judge(_learner.Respond(signed, from));
    }

    private static byte[] Sign(ReadOnlySpan<byte> input)
    {
        byte[] packet = new byte[Math.Clamp(input.Length, RadiusPacket.HeaderBytes, RadiusPacket.BytesMax)];
        input[..Math.Min(input.Length, packet.Length)].CopyTo(packet);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        Span<byte> authenticator = packet.AsSpan(4, RadiusPacket.AuthenticatorBytes);
        authenticator.Clear();
        const int MessageAt = RadiusPacket.HeaderBytes + 2;
        if (packet.Length >= MessageAt + RadiusPacket.AuthenticatorBytes
            && packet[RadiusPacket.HeaderBytes] == (byte)AttributeType.MessageAuthenticator)
        {
            PacketSignature.ComputeMessage(
                packet, authenticator, MessageAt, s_secret,
                packet.AsSpan(MessageAt, RadiusPacket.AuthenticatorBytes));
        }

        PacketSignature.Compute(packet, new byte[RadiusPacket.AuthenticatorBytes], s_secret, authenticator);
        return packet;
    }

    private static void Judge(byte[]? reply)
    {
        if (reply is not null && !RadiusPacket.TryRead(reply, out _))
            throw new InvalidOperationException("a reply that is no packet: " + Convert.ToHexString(reply));
    }

    private sealed class Desk : ISubscriberDesk
    {
        public SubscriberPolicy Settle(SubscriberIdentity who, SubscriberPolicy policy) => policy;

        public GrantRefusal? Obstacle(SubscriberIdentity who, SubscriberPolicy policy) => null;

        public GrantRefusal? Grant(IReadOnlyList<SubscriberGrant> grants) => null;

        public void Refuse(SubscriberIdentity who)
        {
        }

        public void Disconnect(SubscriberIdentity who)
        {
        }

        public void Forget(SubscriberId who)
        {
        }

        public SubscriberStanding StandingOf(SubscriberId who) => SubscriberStanding.Unserved;

        public bool TryUsage(SubscriberId who, out SubscriberUsage usage)
        {
            usage = default;
            return false;
        }
    }
}
