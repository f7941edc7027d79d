using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Events as they come, by HTTP.</summary>
public class EventStreamTests
{
    [Fact]
    public async Task A_follower_gets_what_comes_from_then_on_with_its_number_kind_and_fields()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Events.Observe([Told(EventKind.BlockAllocated, 1)]);
        using StreamReader events = await FollowAsync(api, "");
        api.Events.Observe([Told(EventKind.BlockReleased, 2), Told(EventKind.LimitHit, 3)]);

        (string id, string kind, JsonElement data) = await NextAsync(events);
        Assert.Equal(("2", "block_released"), (id, kind));
        Assert.Equal("203.0.113.5", data.GetProperty("external-ip-address").GetString());
        Assert.Equal("2001:db8:100:100::/56", data.GetProperty("subscriber").GetString());
        Assert.Equal(1535, data.GetProperty("end-port-number").GetInt32());
        (id, kind, data) = await NextAsync(events);
        Assert.Equal(("3", "limit_hit", "session_limit"), (id, kind, data.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Kinds_and_subscribers_can_be_asked_for_and_an_earlier_number_be_gone_on_from()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Events.Observe([Told(EventKind.BlockAllocated, 1), Told(EventKind.LimitHit, 2)]);
        api.Events.Observe([Told(EventKind.BlockReleased, 3)]);

        using StreamReader kinds = await FollowAsync(api, "?kind=limit_hit,block_released", lastEventId: "0");
        Assert.Equal("2", (await NextAsync(kinds)).Id);
        Assert.Equal("3", (await NextAsync(kinds)).Id);
        using StreamReader other = await FollowAsync(api, "?subscriber=2001:db8:100:200::/56", lastEventId: "0");
        api.Events.Observe([Told(EventKind.SubscriberSeen, 4) with { SubscriberHigh = 0x2001_0DB8_0100_0200 }]);
        Assert.Equal("4", (await NextAsync(other)).Id);
    }

    [Fact]
    [Requirement("RFC6333-S6.3-1")]
    public async Task Thresholds_name_resource_pool_level_and_capacity()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Events.Observe([new ForwarderEvent
        {
            Kind = EventKind.ThresholdCrossed,
            UnixMs = 1_700_000_000_123,
            Resource = WatchedResource.PortBlocks,
            Level = 81,
            Capacity = 100,
        }]);
        JsonElement told = (await api.GetAsync("/api/v1/events/recent")).GetProperty("items")[0];

        Assert.Equal("threshold_crossed", told.GetProperty("event").GetString());
        Assert.Equal("2023-11-14T22:13:20.123Z", told.GetProperty("time").GetString());
        Assert.Equal(("port_blocks", "one"),
            (told.GetProperty("resource").GetString(), told.GetProperty("pool").GetString()));
        Assert.Equal((81, 100), (told.GetProperty("level").GetInt32(), told.GetProperty("capacity").GetInt32()));
        Assert.False(told.TryGetProperty("subscriber", out _));
        Assert.False(told.TryGetProperty("external-dst-address", out _));
    }

    [Theory]
    [Requirement("RFC7659-ST-13")]
    [Requirement("RFC7659-ST-14")]
    [Requirement("RFC7659-ST-15")]
    [Requirement("RFC7870-ST-28")]
    [Requirement("RFC7870-ST-29")]
    [InlineData(WatchedResource.Softwires, "softwires", false, false)]
    [InlineData(WatchedResource.Addresses, "addresses", false, false)]
    [InlineData(WatchedResource.PoolPorts, "pool_ports", true, false)]
    [InlineData(WatchedResource.AddressPorts, "address_ports", true, false)]
    [InlineData(WatchedResource.SubscriberPorts, "subscriber_ports", false, true)]
    [InlineData(WatchedResource.SubscriberSessions, "subscriber_sessions", false, true)]
    public async Task What_the_control_plane_sees_is_told_as_what_the_shards_tell(
        WatchedResource resource, string name, bool isOfPool, bool isOfSubscriber)
    {
        await using TestApi api = await TestApi.StartAsync();
        await api.Pump.StartAsync(System.Threading.CancellationToken.None);
        api.Pump.Publish(new ForwarderEvent
        {
            Kind = EventKind.ThresholdCrossed,
            Resource = resource,
            Shard = isOfSubscriber ? (byte)3 : ForwarderEvent.WholeGateway,
            SubscriberKind = isOfSubscriber ? SubscriberKind.Nat444 : SubscriberKind.None,
            SubscriberLow = isOfSubscriber ? 0x64400005u : 0,
            Level = 61,
            Capacity = 60,
        });
        JsonElement told = (await api.GetAsync("/api/v1/events/recent?wait=30&kind=threshold_crossed"))
            .GetProperty("items")[0];

        Assert.Equal(name, told.GetProperty("resource").GetString());
        Assert.Equal((61, 60), (told.GetProperty("level").GetInt32(), told.GetProperty("capacity").GetInt32()));
        Assert.Equal(isOfPool, told.TryGetProperty("pool", out _));
        Assert.Equal(isOfSubscriber, told.TryGetProperty("shard", out _));
        Assert.Equal(isOfSubscriber, told.TryGetProperty("subscriber", out JsonElement who));
        if (isOfSubscriber)
            Assert.Equal("100.64.0.5", who.GetString());
    }

    [Fact]
    public async Task Whoever_is_too_slow_is_told_how_many_went_by_and_holds_up_nobody()
    {
        await using TestApi api = await TestApi.StartAsync(eventsKept: 64);
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(api.Address.Host, api.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        using var reader = new StreamReader(slow.GetStream());
        while (await reader.ReadLineAsync() != ": events follow")
        {
        }

        // Far more than the buffers of both ends hold, while nobody reads: to tell it takes no longer for that.
        const int Events = 60_000;
        for (ulong i = 1; i <= Events; i++)
        {
            api.Events.Observe([Told(EventKind.BlockAllocated, i)]);
            if (i % 64 == 0)
                await Task.Yield();
        }

        long seen = 0;
        long missed = 0;
        while (seen + missed < Events)
        {
            string line = (await reader.ReadLineAsync())!;
            if (line.StartsWith("data: {\"missed\":", StringComparison.Ordinal))
                missed += JsonDocument.Parse(line[6..]).RootElement.GetProperty("missed").GetInt64();
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
                seen++;
        }

        Assert.Equal(Events, seen + missed);
        Assert.True(missed > 0);
    }

    [Fact]
    public async Task A_question_waits_for_the_next_event_and_says_what_is_gone()
    {
        await using TestApi api = await TestApi.StartAsync(eventsKept: 4);
        Task<JsonElement> waiting = api.GetAsync("/api/v1/events/recent?wait=60");
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        api.Events.Observe([Told(EventKind.BlockAllocated, 1)]);
        Assert.Equal(1, (await waiting).GetProperty("last").GetInt64());

        for (ulong i = 2; i <= 10; i++)
            api.Events.Observe([Told(EventKind.BlockAllocated, i)]);
        JsonElement page = await api.GetAsync("/api/v1/events/recent?after=1");
        Assert.Equal((5, 10), (page.GetProperty("missed").GetInt64(), page.GetProperty("last").GetInt64()));
        Assert.Equal([7, 8, 9, 10], page.GetProperty("items").EnumerateArray()
            .Select(static e => e.GetProperty("id").GetInt32()));
        page = await api.GetAsync("/api/v1/events/recent?after=10");
        Assert.Empty(page.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("/api/v1/events?kind=flood", "kind: 'flood' is no kind of event; block_allocated")]
    [InlineData("/api/v1/events/recent?after=-1", "after: '-1' is no number")]
    [InlineData("/api/v1/events/recent?wait=61", "wait: '61' is no number of 0 to 60")]
    public async Task What_makes_no_sense_is_refused(string path, string message)
    {
        await using TestApi api = await TestApi.StartAsync();

        Assert.StartsWith(message, (await api.SendAsync("GET", path, 400)).GetProperty("detail").GetString());
    }

    private static async Task<StreamReader> FollowAsync(TestApi api, string query, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events" + query);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": events follow", await reader.ReadLineAsync());
        return reader;
    }

    private static async Task<(string Id, string Kind, JsonElement Data)> NextAsync(StreamReader reader)
    {
        var fields = new Dictionary<string, string>();
        while (!fields.ContainsKey("data"))
        {
            string[] parts = (await reader.ReadLineAsync())!.Split(": ", 2);
            if (parts.Length == 2 && parts[0].Length != 0)
                fields[parts[0]] = parts[1];
        }

        return (fields["id"], fields["event"], JsonDocument.Parse(fields["data"]).RootElement);
    }

    private static ForwarderEvent Told(EventKind kind, ulong sequence) => new()
    {
        UnixMs = 1_700_000_000_123,
        Sequence = sequence,
        Kind = kind,
        SubscriberKind = SubscriberKind.DsLite,
        SubscriberHigh = 0x2001_0DB8_0100_0100,
        ExternalAddress = 0xCB007105,
        ExternalPort = 1024,
        LastPort = 1535,
        Reason = kind == EventKind.LimitHit ? DropReason.SessionLimit : DropReason.None,
    };
}
