using System;

using Cgn.Contract.Records;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Access;

/// <summary>Writes Access-Requests.</summary>
/// <param name="nas">Who we are.</param>
/// <param name="password">User-Password, or null.</param>
internal sealed class AccessRequest(NasIdentity nas, string? password)
{
    private const uint ServiceFramed = 2;
    private const uint PortVirtual = 5;

    /// <summary>Writes one: Message-Authenticator first (RFC 5080 §2.2.2), a fresh random authenticator.</summary>
    /// <param name="who">For whom.</param>
    /// <param name="state">State of the Access-Accept whose time is over, or empty (RFC 2865 §5.24).</param>
    /// <param name="identifier">Identifier.</param>
    /// <param name="secret">The server's secret.</param>
    public byte[] Write(
        SubscriberIdentity who, ReadOnlyMemory<byte> state, byte identifier, ReadOnlySpan<byte> secret)
    {
        byte[] authenticator = NasIdentity.NewAuthenticator();
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, identifier, withMessageAuthenticator: true);
        writer.Add(AttributeType.UserName, who.Name);
        if (password is not null)
            writer.AddPassword(password, authenticator, secret);
        nas.Write(writer);
        writer.Add(AttributeType.ServiceType, ServiceFramed);
        WriteWho(writer, who);
        if (!state.IsEmpty)
            writer.Add(AttributeType.State, state.Span);
        return writer.SignAccess(authenticator, secret);
    }

    /// <summary>Adds the subscriber's line and addresses, as all requests about it have them.</summary>
    public static void WriteWho(RadiusPacketWriter writer, SubscriberIdentity who)
    {
        writer.Add(AttributeType.NasPortType, PortVirtual);
        writer.Add(AttributeType.NasPortId, who.Port);
        writer.Add(AttributeType.CallingStationId, who.Station);
        if (who.Kind == SubscriberKind.DsLite)
        {
            writer.Add(AttributeType.FramedIpv6Prefix, who.LinkPrefix);
            writer.Add(AttributeType.DelegatedIpv6Prefix, who.Prefix);
            writer.Add(AttributeType.FramedIpv6Address, who.B4);
        }
        else
        {
            writer.Add(AttributeType.FramedIpAddress, who.Ipv4);
        }
    }
}
