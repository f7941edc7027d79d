using System;

using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Softwire;

namespace Cgn.Pipeline;

/// <summary>What a worker keeps of packets in pieces, and what it cuts packets with.</summary>
public sealed class FragmentTables : IDisposable
{
    /// <summary>Takes the memory.</summary>
    /// <param name="settings">Timeouts and the subscriber's mask.</param>
    /// <param name="pool">The worker's frames; a quarter of them at most is ever held, so that fragments can't stop
    /// the traffic.</param>
    /// <param name="shard">Number of the worker, from which its secrets are derived.</param>
    public FragmentTables(GatewaySettings settings, FramePool pool, int shard)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ulong key = Hash.Mix(settings.Seed + (ulong)shard + 1);
        int frames = Math.Max(16, pool.StartCount / 8);
        FragmentLimits limits = new();
        int framesMax = settings.Limits.Fragments == 0
            ? frames
            : (int)Math.Clamp(settings.Limits.Fragments / (uint)settings.ShardCount, 1, (uint)frames);
        limits = limits with
        {
            Frames = Math.Min(limits.Frames, framesMax),
            FramesPerDatagram = Math.Min(limits.FramesPerDatagram, framesMax),
        };
        Ipv4 = new Ipv4FragmentTable(limits, Math.Max(1, settings.FragmentTimeout), Hash.Mix(key ^ 1));
        ReassemblyLimits reassembly = new();
        Outer = new Ipv6Reassembler(
            pool,
            reassembly with
            {
                Packets = Math.Min(reassembly.Packets, frames),
                Chunks = Math.Min(reassembly.Chunks, frames),
                PayloadBytes = settings.ReassemblyLimit,
                PrefixBits = settings.SubscriberMaskV6,
            },
            Hash.Mix(key ^ 2));
        OuterFragmenter = new Ipv6Fragmenter(pool, Hash.Mix(key ^ 3));
        Ipv4Fragmenter = new Ipv4Fragmenter(pool);
        // Workers share external addresses: the same secret, so that their shares of the numbers never meet.
        Identifications = new IdentificationSource(Hash.Mix(settings.Seed ^ 4), shard, settings.ShardCount);
    }

    /// <summary>IPv4 fragments that wait for the ports of their first.</summary>
    public Ipv4FragmentTable Ipv4 { get; }

    /// <summary>Outer IPv6 fragments that wait to be whole.</summary>
    public Ipv6Reassembler Outer { get; }

    /// <summary>Chunks that wait in the tables beyond one for each frame held; below 0 where several frames lie in
    /// one.</summary>
    public int ExtraChunks => Outer.HeldChunks - Outer.HeldFrames;

    /// <summary>Cuts softwire packets larger than the tunnel takes.</summary>
    public Ipv6Fragmenter OuterFragmenter { get; }

    /// <summary>Identifications of what leaves outside and is, or may become, fragments (RFC 6864 5.3.1).</summary>
    public IdentificationSource Identifications { get; }

    /// <summary>Cuts IPv4 packets larger than their way out takes.</summary>
    public Ipv4Fragmenter Ipv4Fragmenter { get; }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        Ipv4.Dispose();
        Outer.Dispose();
    }
}
