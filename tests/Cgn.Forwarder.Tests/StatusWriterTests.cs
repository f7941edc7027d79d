using System;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Testing;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>The forwarder's status page over the lives of several forwarders.</summary>
public sealed class StatusWriterTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Requirement("RFC7659-DISC")]
    public void Counting_began_when_the_state_did_not_when_a_later_forwarder_started()
    {
        long since = Open(2, static page => page with { CountersSinceUnixMs = page.CountersSinceUnixMs - 5000 });

        Assert.Equal(since - 5000, Open(2));
        // Where the state is discarded, counting begins anew.
        foreach (string file in Directory.EnumerateFiles(_folder, "*.arena"))
            File.Delete(file);
        Assert.True(Open(4) >= since);
    }

    // What the page says when a forwarder of so many shards has taken it; then a change for the next one to find.
    private long Open(int shards, Func<StatusPage, StatusPage>? change = null)
    {
        StatusPage shape = ShardFactory.ShapeOf(
            new ConfigSnapshot { Settings = new GatewaySettings { ShardCount = shards } });
        Directory.CreateDirectory(_folder);
        using Arena arena = Arena.InDirectory(_folder);
        StatusWriter status = new(arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), shape);
        long since = status.Page.CountersSinceUnixMs;
        Assert.InRange(status.Page.StartedUnixMs, since, long.MaxValue);
        status.Page = change?.Invoke(status.Page) ?? status.Page;
        return since;
    }
}
