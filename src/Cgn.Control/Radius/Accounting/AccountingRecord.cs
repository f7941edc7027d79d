using System;

using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Accounting;

/// <summary>Writes the attributes of accounting records (RFC 2866 §5).</summary>
/// <param name="nas">Who we are.</param>
internal sealed class AccountingRecord(NasIdentity nas)
{
    private const uint AuthenticByRadius = 1;
    private const uint AuthenticByUs = 2;
    private const int GigawordBits = 32;

    // What comes behind the classes, and the delay.
    private const int OtherBytesMax = 768;

    /// <summary>Room for the ports of one record, whatever else it holds.</summary>
    public const int RangeBytesMax = 2048;

    /// <summary>Attributes of a record about a session. Counters are sums since its start.</summary>
    /// <param name="session">The session.</param>
    /// <param name="status">What it tells.</param>
    /// <param name="cause">Why the session ended; only of a stop record.</param>
    /// <param name="now">When it happened.</param>
    public byte[] OfSession(
        RadiusSession session, AccountingStatus status, TerminateCause? cause, DateTimeOffset now)
    {
        RadiusPacketWriter writer = Begin(status, session.Id, now);
        writer.Add(AttributeType.UserName, session.UserName);
        AccessRequest.WriteWho(writer, session.Who);
        writer.Add(AttributeType.AcctAuthentic, session.IsAuthenticated ? AuthenticByRadius : AuthenticByUs);
        SubscriberPolicy policy = session.Policy;
        foreach (ReadOnlyMemory<byte> one in policy.Classes)
        {
            if (writer.Room - one.Length > RangeBytesMax + OtherBytesMax)
                writer.Add(AttributeType.Class, one.Span);
        }

        if (!policy.ChargeableUser.IsEmpty)
            writer.Add(AttributeType.ChargeableUserIdentity, policy.ChargeableUser.Span);
        if (policy.TunnelName is { } tunnel && tunnel.Wire.Length <= byte.MaxValue - 2)
            writer.Add(AttributeType.DsLiteTunnelName, tunnel.Wire);
        if (status == AccountingStatus.Start)
            return writer.Attributes.ToArray();
        writer.Add(AttributeType.AcctSessionTime, (uint)Math.Max(0, (now - session.Started).TotalSeconds));
        WriteUsage(writer, session.Meter.Sum);
        if (status == AccountingStatus.Stop && cause is { } why)
            writer.Add(AttributeType.AcctTerminateCause, (uint)why);
        return writer.Attributes.ToArray();
    }

    /// <summary>Attributes of a record about the gateway itself: it has begun, or is about to end.</summary>
    public byte[] OfGateway(string session, AccountingStatus status, DateTimeOffset now) =>
        Begin(status, session, now).Attributes.ToArray();

    /// <summary>A port range as an attribute.</summary>
    public static byte[] OfRange(IpPortRange range)
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccountingRequest, 0, withMessageAuthenticator: false);
        writer.Add(AttributeType.IpPortRange, range.Encode());
        return writer.Attributes.ToArray();
    }

    /// <summary>The packet of a record. What is sent again with another delay has another identifier (RFC 2866
    /// §5.2): within one exchange the bytes stay as they are, each new one writes them anew.</summary>
    public static byte[] Packet(
        AccountingEntry entry, DateTimeOffset now, byte identifier, ReadOnlySpan<byte> secret)
    {
        var writer = new RadiusPacketWriter(
            RadiusCode.AccountingRequest, identifier, withMessageAuthenticator: false);
        writer.AddEncoded(entry.Attributes.Span);
        writer.AddEncoded(entry.Ranges.Span);
        writer.Add(
            AttributeType.AcctDelayTime,
            (uint)Math.Clamp(now.ToUnixTimeSeconds() - entry.UnixSeconds, 0, uint.MaxValue));
        return writer.SignRequest(secret);
    }

    private RadiusPacketWriter Begin(AccountingStatus status, string session, DateTimeOffset now)
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccountingRequest, 0, withMessageAuthenticator: false);
        writer.Add(AttributeType.AcctStatusType, (uint)status);
        writer.Add(AttributeType.AcctSessionId, session);
        writer.Add(AttributeType.EventTimestamp, (uint)now.ToUnixTimeSeconds());
        nas.Write(writer);
        return writer;
    }

    // Input is what the subscriber has sent (RFC 2866 §5.3). The upper halves are there when they are not zero.
    private static void WriteUsage(RadiusPacketWriter writer, SubscriberUsage usage)
    {
        writer.Add(AttributeType.AcctInputOctets, (uint)usage.BytesUp);
        writer.Add(AttributeType.AcctOutputOctets, (uint)usage.BytesDown);
        writer.Add(AttributeType.AcctInputPackets, (uint)usage.PacketsUp);
        writer.Add(AttributeType.AcctOutputPackets, (uint)usage.PacketsDown);
        if (usage.BytesUp >> GigawordBits != 0)
            writer.Add(AttributeType.AcctInputGigawords, (uint)(usage.BytesUp >> GigawordBits));
        if (usage.BytesDown >> GigawordBits != 0)
            writer.Add(AttributeType.AcctOutputGigawords, (uint)(usage.BytesDown >> GigawordBits));
    }
}
