using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting;
using Cgn.FakeForwarder;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>Many read the same state at once, and it may be replaced while they do.</summary>
public sealed class GatewayAttachmentTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_reader_that_takes_its_time_holds_up_neither_events_nor_the_next_forwarder()
    {
        using var gateway = new TestGateway();
        gateway.State.Create();
        SnapshotFile.Write(gateway.State.SnapshotFile, gateway.Settings.Snapshot);
        using var forwarder = new FakeState(gateway.State, gateway.Settings.Snapshot);
        using var attachment = new GatewayAttachment();
        attachment.Attach(gateway.State);
        using var reads = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task<long> reader = Task.Run(() => attachment.Read(view =>
        {
            reads.Set();
            Assert.True(goOn.Wait(s_patience));
            // What was replaced meanwhile is there until its reader is done.
            return view.Sum(CounterId.OutboundPacketsDsLite);
        }));
        Assert.True(reads.Wait(s_patience));

        forwarder.Tell(EventKind.BlockAllocated);
        var events = new ForwarderEvent[4];
        Task<int> others = Task.Run(() =>
        {
            int count = attachment.PeekEvents(0, events);
            attachment.ReleaseEvents(0, count);
            attachment.Attach(gateway.State);
            return count + attachment.Read(static view => view.Status.ShardCount);
        });
        Assert.Same(others, await Task.WhenAny(others, Task.Delay(s_patience)));
        Assert.Equal(2, await others);

        goOn.Set();
        Assert.Equal(7, await reader);
    }
}
