using System.Linq;

using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Nat;

namespace Cgn.Cli.Bench;

/// <summary>
/// The subscribers and sessions of a run, all by arithmetic: session n is flow n / S of subscriber n modulo S. Every
/// session has an internal
/// endpoint, and so a mapping, of its own.
/// </summary>
internal sealed class Population
{
    /// <summary>Upper half of the AFTR's address.</summary>
    public const ulong AftrHigh = 0x2001_0DB8_FFFF_FFFF;

    /// <summary>Lower half of it.</summary>
    public const ulong AftrLow = 1;

    /// <summary>Lower half of every B4's address.</summary>
    public const ulong B4Low = 1;

    /// <summary>Where softwires come from, a /32; each B4 has a /56 of it.</summary>
    public const ulong B4Prefix = 0x2001_0DB8_0000_0000;

    /// <summary>Where NAT444 customers come from, a /10 (RFC 6598).</summary>
    public const uint CustomerPrefix = 0x64400000;

    private const uint HomeNetwork = 0xC0A80100;
    private const uint RemoteNetwork = 0x2C000000;
    private const uint RemoteMask = 0x00FFFFFF;
    private const ushort RemotePort = 443;
    private const uint FirstPort = 1024;
    private const uint HostsPerHome = 200;

    private readonly BenchCase _case;

    /// <summary>Makes the population of a case.</summary>
    public Population(BenchCase benchCase) => _case = benchCase;

    /// <summary>Sessions.</summary>
    public uint Sessions => _case.Sessions;

    /// <summary>Whether traffic is between subscribers.</summary>
    public bool IsHairpin => _case.Scenario == BenchScenario.Hairpin;

    /// <summary>With whom a session talks when traffic is between subscribers.</summary>
    public static uint Partner(uint number) => number ^ 1;

    /// <summary>The subscriber of a session, from 0.</summary>
    public uint Subscriber(uint number) => number % _case.Subscribers;

    /// <summary>The worker that owns a session's subscriber.</summary>
    /// <param name="number">Number of the session.</param>
    /// <param name="seed">The configuration's.</param>
    public int Owner(uint number, ulong seed)
    {
        if (_case.Workers == 1)
            return 0;
        SubscriberKey key = IsDsLite(number)
            ? new SubscriberKey(B4High(number), 0, SubscriberKind.DsLite)
            : new SubscriberKey(0, Inside(number).Address, SubscriberKind.Nat444);
        return NatShard.ShardOf(key, _case.Workers, seed);
    }

    /// <summary>
    /// The most subscribers, and the most sessions, that any worker owns: the hash deals them out by chance.
    /// </summary>
    public (uint Subscribers, uint Sessions) MostOfAWorker(ulong seed)
    {
        uint[] subscribers = new uint[_case.Workers];
        uint[] sessions = new uint[_case.Workers];
        for (uint subscriber = 0; subscriber < _case.Subscribers; subscriber++)
        {
            // The first session of a subscriber has the subscriber's number.
            int owner = Owner(subscriber, seed);
            subscribers[owner]++;
            sessions[owner] += (_case.Sessions / _case.Subscribers)
                + (subscriber < _case.Sessions % _case.Subscribers ? 1u : 0);
        }

        return (subscribers.Max(), sessions.Max());
    }

    /// <summary>Whether a session's subscriber is behind a softwire.</summary>
    public bool IsDsLite(uint number) => _case.Scenario switch
    {
        BenchScenario.Nat444 => false,
        BenchScenario.Mixed => (Subscriber(number) & 1) == 0,
        _ => true,
    };

    /// <summary>Upper half of the address of a session's B4, host order; 0 where there is none.</summary>
    public ulong B4High(uint number) => IsDsLite(number) ? B4Prefix | ((ulong)Subscriber(number) << 8) : 0;

    /// <summary>A session's internal endpoint.</summary>
    public Endpoint Inside(uint number)
    {
        uint flow = number / _case.Subscribers;
        ushort port = (ushort)(FirstPort + flow);
        return IsDsLite(number)
            ? new Endpoint(HomeNetwork + 2 + (flow % HostsPerHome), port)
            : new Endpoint(CustomerPrefix + Subscriber(number), port);
    }

    /// <summary>A session's peer on the Internet.</summary>
    public static Endpoint Remote(uint number) =>
        new(RemoteNetwork | ((uint)Hash.Mix(number) & RemoteMask), RemotePort);

    /// <summary>Bytes of a session's IPv4 packets.</summary>
    public int PacketLength(uint number) => _case.Frames.FrameBytes(number) - Traffic.FrameLayout.FrameOverheadBytes;
}
