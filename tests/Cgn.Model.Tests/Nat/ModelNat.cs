using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

/// <summary>
/// A NAT as the documents describe it, in lists and dictionaries, slow and obvious. It handles a frame after the
/// gateway did, says what must have come of it, and takes over what the gateway was free to choose.
/// </summary>
internal sealed partial class ModelNat
{
    public const byte Inside = 0;
    public const byte Outside = 1;
    public const uint WellKnownAftr = 0xC0000001;

    private readonly ConfigSnapshot _config;
    private readonly GatewaySettings _settings;
    private readonly IChoices _choices;
    private readonly long[] _counts = new long[(int)CounterId.Count];
    private readonly long[] _drops = new long[256];
    private readonly List<Expected> _expected = [];
    private uint _tick;
    private long _now;

    public ModelNat(ConfigSnapshot config, IChoices choices, long now)
    {
        _config = config;
        _settings = config.Settings;
        _choices = choices;
        SetTime(now);
        InstallStatics();
    }

    public List<ModelSubscriber> Subscribers { get; } = [];

    public IEnumerable<ModelMapping> Mappings => Subscribers.SelectMany(subscriber => subscriber.Mappings);

    public IEnumerable<ModelSession> Sessions => Mappings.SelectMany(mapping => mapping.Sessions);

    public IReadOnlyList<long> Counts => _counts;

    public long Drops(DropReason reason) => _drops[(int)reason];

    public void SetTime(long now)
    {
        _now = now;
        _tick = (uint)(now / 100_000_000);
    }

    /// <summary>What must leave because of a frame.</summary>
    public List<Expected> Handle(byte side, byte[] frame)
    {
        _expected.Clear();
        if (side == Inside)
            FromInside(frame);
        else
            FromOutside(frame);
        return [.. _expected];
    }

    private void Count(CounterId id, long by = 1) => _counts[(int)id] += by;

    private void Drop(DropReason reason) => _drops[(int)reason]++;

    private bool IsPool(uint address) =>
        _config.Pools.Any(pool => pool.Prefixes.Any(prefix => prefix.Contains(address)));

    // 100.64.0.0/10, which is nobody's outside (RFC 6598).
    private static bool IsShared(uint address) => address >> 22 == 0x64400000 >> 22;

    private static bool IsMartian(uint address) => address >> 24 is 0 or 127 or >= 224;

    // What means nothing outside: the softwires' 192.0.0.0/29 (RFC 7335) and customers' addresses (RFC 6598).
    private bool IsInsideOnly(uint address) =>
        address >> 3 == WellKnownAftr >> 3 || _config.Nat444Sources.Any(prefix => prefix.Contains(address));

    private uint InsideAddress => _settings.InsideAddress != 0 ? _settings.InsideAddress : WellKnownAftr;

    private uint OutsideAddress => _settings.OutsideAddress != 0 ? _settings.OutsideAddress
        : _config.Pools[0].Prefixes[0].Address + (_config.Pools[0].Prefixes[0].Length < 31 ? 1u : 0u);

    private int RoomInside(SubscriberKind kind) =>
        kind == SubscriberKind.DsLite ? _settings.TunnelMtu - 40 : _settings.InsideMtu;

    // 0: none. MSS counts what follows 20 bytes of IPv4 and 20 of TCP.
    private int Mss(SubscriberKind kind) => _settings.MssClamp >= 0
        ? _settings.MssClamp
        : Math.Min(RoomInside(kind), _settings.OutsideMtu) - 40;

    private static int Class(byte protocol) => protocol switch
    {
        Datagram.Udp => 0,
        Datagram.Tcp => 1,
        Datagram.Icmp => 2,
        _ => 3,
    };

    private static bool HasPorts(byte protocol) =>
        protocol is Datagram.Udp or Datagram.Tcp or Datagram.Icmp or Datagram.UdpLite or Datagram.Dccp;
}
