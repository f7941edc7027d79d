using System;
using System.Collections.Generic;

using Cgn.Memory.Frames;

using Xunit;

namespace Cgn.Memory.Tests.Frames;

public sealed class FramePoolTests
{
    [Fact]
    public void Every_chunk_is_given_out_once_until_it_comes_back()
    {
        using FrameStore store = new(16);
        FramePool pool = new(store, 4, 8);
        HashSet<uint> taken = [];
        while (pool.TryTake(out uint chunk))
            Assert.True(taken.Add(chunk));
        Assert.Equal(8, taken.Count);
        Assert.All(taken, chunk => Assert.InRange(chunk, 4u, 11u));
        pool.Return(5);
        Assert.True(pool.TryTake(out uint again));
        Assert.Equal(5u, again);
    }

    [Fact]
    public void More_returns_than_there_are_chunks_end_the_process_rather_than_corrupt_it()
    {
        using FrameStore store = new(2);
        FramePool pool = new(store, 0, 2);
        Assert.Throws<InvalidOperationException>(() => pool.Return(0));
    }

    [Theory]
    [InlineData(4u, 256u, 10u)]
    [InlineData(0u, 2040u, 9u)]
    [InlineData(0u, uint.MaxValue, 2u)]
    public void A_descriptor_that_reaches_outside_its_chunk_is_never_followed(uint chunk, uint offset, uint length)
    {
        using FrameStore store = new(4);
        Assert.Throws<InvalidOperationException>(
            () => store.Packet(new Frame { Chunk = chunk, Offset = offset, Length = length }).Length);
    }

    [Theory]
    [InlineData(0, 2048)]
    [InlineData(1, 1024)]
    [InlineData(1, 3000)]
    public void A_store_of_a_shape_that_addresses_could_not_be_split_by_is_refused(int chunks, int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameStore(chunks, bytes));
}
