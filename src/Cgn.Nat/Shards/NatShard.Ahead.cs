using Cgn.Contract.Records;
using Cgn.Memory;

namespace Cgn.Nat;

// What making a session is going to touch, asked for ahead of time, so that the memory accesses of several new sessions
// are under way together. Hints: they change nothing, and a wrong guess costs no more than what it fetched in vain.
public sealed partial class NatShard
{
    private uint _likely;

    /// <summary>
    /// The generator of port selection as it stands, for <see cref="PrefetchPort"/> to run ahead with.
    /// </summary>
    public Prng Chance => _chance;

    /// <summary>First hint: asks the processor for the index bucket of a subscriber.</summary>
    /// <param name="key">Who sends.</param>
    public void PrefetchKey(in SubscriberKey key) => _keys.Prefetch(KeyHash(key));

    /// <summary>Second hint: asks the processor for the subscriber's record.</summary>
    /// <param name="key">Who sends.</param>
    /// <returns>The subscriber, probably; 0 when there seems to be none.</returns>
    public uint PrefetchSubscriber(in SubscriberKey key)
    {
        uint subscriber = _keys.First(KeyHash(key));
        _subscribers.Prefetch(subscriber);
        _subscribers.PrefetchSecond(subscriber);
        return subscriber;
    }

    /// <summary>Third hint: asks the processor for the bucket of the mapping and for the block of its port.</summary>
    /// <param name="subscriber">What <see cref="PrefetchSubscriber"/> has found.</param>
    /// <param name="flow">The packet's endpoints; the local one is internal.</param>
    public void PrefetchMapping(uint subscriber, in FlowKey flow)
    {
        if (subscriber == 0)
            return;
        _internal.Prefetch(InternalHash(subscriber, flow));
        Prefetch.Line(ref _blocks[_subscribers[subscriber].FirstBlock]);
    }

    /// <summary>
    /// Fourth hint: asks the processor for the two buckets that depend on the port which the next new mapping will get,
    /// by drawing it from a copy of the generator.
    /// </summary>
    /// <param name="subscriber">What <see cref="PrefetchSubscriber"/> has found.</param>
    /// <param name="flow">The packet's endpoints; the local one is internal.</param>
    /// <param name="chance">The copy, which goes on from packet to packet.</param>
    public void PrefetchPort(uint subscriber, in FlowKey flow, ref Prng chance)
    {
        uint mapping = subscriber == 0 ? 0 : _internal.First(InternalHash(subscriber, flow));
        if (mapping != 0)
        {
            _mappings.Prefetch(mapping);
            return;
        }

        // A subscriber without a block gets one first; its port is drawn all the same.
        ref readonly BlockRecord block = ref _blocks[subscriber == 0 ? 0 : _subscribers[subscriber].FirstBlock];
        if (!TryDraw(block, ref chance, out ushort port) || block.Subscriber == 0)
            return;
        FlowKey outside = flow;
        outside.InternalAddress = block.ExternalAddress;
        outside.InternalPort = port;
        _external.Prefetch(ExternalHash(block.ExternalAddress, port, flow.Protocol, 0));
        _inbound.Prefetch(InboundHash(outside));
    }

    /// <summary>Last hint, before a packet is decided: whose it probably is, so that nobody looks again.</summary>
    /// <param name="subscriber">What <see cref="PrefetchSubscriber"/> has found; 0 for none.</param>
    public void Expect(uint subscriber) => _likely = subscriber;

    // The first port that TryPort would look at.
    private static bool TryDraw(in BlockRecord block, ref Prng chance, out ushort port)
    {
        uint offset = (uint)chance.Next() & (Places(block) - 1);
        port = (ushort)(block.FirstPort + offset);
        return offset < (uint)SizeOf(block);
    }

    private ulong InternalHash(uint subscriber, in FlowKey flow) =>
        InternalHash(subscriber, flow.InternalAddress, flow.InternalPort, flow.Protocol, Discriminator(flow));
}
