using System.IO;
using System.Linq;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Accounting;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Radius;

// The queue of records that wait, in memory and in its file.
public sealed partial class AccountingTests
{
    [Fact]
    [Requirement("RFC2869-S2.1-1")]
    public void A_newer_interim_record_takes_the_place_of_one_that_waits_and_keeps_its_ports()
    {
        using AccountingQueue queue = new(100, 64, null, _statistics);
        Assert.True(queue.TryAdd("s", AccountingStatus.Start, 0, [1], []));
        Assert.True(queue.TryAdd("s", AccountingStatus.Interim, 0, [2], [20]));
        Assert.True(queue.TryAdd("s", AccountingStatus.Interim, 0, [3], [30]));
        Assert.True(queue.TryAdd("t", AccountingStatus.Interim, 0, [9], []));
        AccountingEntry start = queue.Take()!;
        Assert.Equal([9], queue.Take()!.Attributes.ToArray());
        Assert.Null(queue.Take());
        queue.Done(start);
        AccountingEntry interim = queue.Take()!;
        Assert.Equal([3], interim.Attributes.ToArray());
        Assert.Equal([20, 30], interim.Ranges.ToArray());
        Assert.Equal(1, _statistics[RadiusCounter.RecordsSuperseded]);

        // One that is on its way stays as it is, the next waits behind it.
        Assert.True(queue.TryAdd("s", AccountingStatus.Interim, 0, [4], []));
        Assert.Null(queue.Take());
        queue.Return(interim);
        Assert.Same(interim, queue.Take());

        // Ports that do not fit one packet are told in two.
        Assert.True(queue.TryAdd("s", AccountingStatus.Interim, 0, [5], new byte[60]));
        Assert.True(queue.TryAdd("s", AccountingStatus.Interim, 0, [6], new byte[60]));
        Assert.Equal(2, _statistics[RadiusCounter.RecordsSuperseded]);
    }

    [Fact]
    public void A_full_queue_gives_up_interim_records_first_and_counts_what_is_lost()
    {
        using AccountingQueue queue = new(3, 64, null, _statistics);
        Assert.True(queue.TryAdd("a", AccountingStatus.Start, 0, [], []));
        Assert.True(queue.TryAdd("a", AccountingStatus.Interim, 0, [], []));
        Assert.True(queue.TryAdd("b", AccountingStatus.Start, 0, [], []));
        Assert.False(queue.TryAdd("b", AccountingStatus.Interim, 0, [], []));
        Assert.True(queue.TryAdd("a", AccountingStatus.Stop, 0, [], []));
        Assert.False(queue.TryAdd("b", AccountingStatus.Stop, 0, [], []));
        Assert.Equal((3, 3L), (queue.Count, _statistics[RadiusCounter.RecordsLost]));
    }

    [Fact]
    public void The_file_of_waiting_records_does_not_grow_with_those_that_are_gone()
    {
        string path = Path.Combine(_folder, "long");
        using (AccountingQueue queue = new(100, 64, new AccountingSpool(path), _statistics))
        {
            for (int i = 0; i < 20_000; i++)
            {
                queue.TryAdd($"s{i}", AccountingStatus.Start, i, new byte[100], []);
                if (i >= 5)
                    queue.Done(queue.Take()!);
            }
        }

        Assert.InRange(new FileInfo(path).Length, 1, 1 << 20);
        using AccountingQueue again = new(100, 64, new AccountingSpool(path), _statistics);
        Assert.Equal(5, again.Count);
        Assert.Equal("s19995", again.Take()!.Session);
    }
}
