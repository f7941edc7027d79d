using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Cgn.Ports.Kernel;

/// <summary>
/// The kernel's devices, by number. VLAN devices over a port's device, up to two deep, leave by that port with their
/// tags.
/// </summary>
internal sealed class LinkTable
{
    private const int MaxTags = 2;
    private readonly Dictionary<int, Link> _links = [];
    private readonly Dictionary<string, byte> _ports;

    /// <param name="ports">Port numbers by device name.</param>
    internal LinkTable(IEnumerable<KeyValuePair<string, byte>> ports) => _ports = new Dictionary<string, byte>(ports);

    internal Link? Find(int index) => _links.GetValueOrDefault(index);

    internal void Clear() => _links.Clear();

    /// <summary>Takes in a description of a device.</summary>
    /// <param name="body">The message's body.</param>
    /// <param name="wentDown">The device was up before and is not any more.</param>
    internal void Apply(ReadOnlySpan<byte> body, out bool wentDown)
    {
        wentDown = false;
        if (body.Length < Rtnetlink.LinkBytes)
            return;
        int index = (int)NetlinkMessage.Number(body[4..]);
        if (!_links.TryGetValue(index, out Link? link))
            _links.Add(index, link = new Link { Index = index });
        bool wasUp = link.IsUp;
        link.IsUp = (NetlinkMessage.Number(body[8..]) & Rtnetlink.LinkUp) != 0;
        ReadOnlySpan<byte> attributes = body[Rtnetlink.LinkBytes..];
        while (NetlinkMessage.TryTakeAttribute(ref attributes, out ushort type, out ReadOnlySpan<byte> value))
            Apply(link, type, value);
        wentDown = wasUp && !link.IsUp;
        Connect();
    }

    internal void Remove(ReadOnlySpan<byte> body)
    {
        if (body.Length >= Rtnetlink.LinkBytes)
            _links.Remove((int)NetlinkMessage.Number(body[4..]));
        Connect();
    }

    private static void Apply(Link link, ushort type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case Rtnetlink.LinkName:
                // Made anew only when it changed: notifications come often, renamings don't.
                ReadOnlySpan<byte> name = value.TrimEnd((byte)0);
                if (Encoding.UTF8.GetCharCount(name) != link.Name.Length || Encoding.UTF8.GetString(name) != link.Name)
                    link.Name = Encoding.UTF8.GetString(name);
                break;
            case Rtnetlink.LinkAddress when value.Length == 6:
                value.CopyTo(link.Mac);
                link.HasMac = true;
                break;
            case Rtnetlink.LinkMtu:
                link.Mtu = (int)NetlinkMessage.Number(value);
                break;
            case Rtnetlink.LinkParent:
                link.Parent = (int)NetlinkMessage.Number(value);
                break;
            case Rtnetlink.LinkInfo:
                ApplyInfo(link, value);
                break;
        }
    }

    private static void ApplyInfo(Link link, ReadOnlySpan<byte> info)
    {
        ReadOnlySpan<byte> data = default;
        while (NetlinkMessage.TryTakeAttribute(ref info, out ushort type, out ReadOnlySpan<byte> value))
        {
            if (type == Rtnetlink.InfoKind)
                link.IsVlan = value.StartsWith("vlan\0"u8);
            else if (type == Rtnetlink.InfoData)
                data = value;
        }

        while (link.IsVlan && NetlinkMessage.TryTakeAttribute(ref data, out ushort type, out ReadOnlySpan<byte> value))
        {
            if (type == Rtnetlink.VlanId && value.Length >= 2)
                link.VlanId = System.Runtime.InteropServices.MemoryMarshal.Read<ushort>(value);
            else if (type == Rtnetlink.VlanProtocol && value.Length >= 2)
                link.VlanProtocol = BinaryPrimitives.ReadUInt16BigEndian(value);
        }
    }

    // A device's port depends on the devices below it, so all are worked out again: there are few, and they change
    // seldom.
    private void Connect()
    {
        Span<byte> tags = stackalloc byte[MaxTags * 4];
        foreach (Link link in _links.Values)
        {
            link.Port = Link.NoPort;
            link.Tags = [];
            int start = tags.Length;
            for (Link? at = link; at is not null; at = _links.GetValueOrDefault(at.Parent))
            {
                if (_ports.TryGetValue(at.Name, out byte port))
                {
                    link.Port = port;
                    link.Tags = start == tags.Length ? [] : tags[start..].ToArray();
                    break;
                }

                if (!at.IsVlan || start == 0)
                    break;
                // The device at the top is the innermost tag.
                start -= 4;
                BinaryPrimitives.WriteUInt16BigEndian(tags[start..], at.VlanProtocol);
                BinaryPrimitives.WriteUInt16BigEndian(tags[(start + 2)..], at.VlanId);
            }
        }
    }
}
