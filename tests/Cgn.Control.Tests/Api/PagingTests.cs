using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Hosting;
using Cgn.Control.State.Listings;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Long tables come in pages, and no request does much work.</summary>
public class PagingTests
{
    private const uint Many = 50_000;

    [Fact]
    public async Task Every_record_comes_once_whatever_the_size_of_the_page()
    {
        await using TestApi api = await ManyAsync();
        foreach (int limit in new[] { 1000, 777 })
        {
            var seen = new HashSet<long>();
            string? cursor = null;
            do
            {
                JsonElement page = await api.GetAsync(
                    $"/api/v1/mappings?limit={limit}" + (cursor is null ? "" : $"&cursor={cursor}"));
                JsonElement[] items = [.. page.GetProperty("items").EnumerateArray()];
                Assert.InRange(items.Length, 0, limit);
                Assert.All(items, item => Assert.True(seen.Add(item.GetProperty("index").GetInt64())));
                cursor = page.TryGetProperty("next-cursor", out JsonElement next) ? next.GetString() : null;
            }
            while (cursor is not null);
            Assert.Equal((int)Many, seen.Count);
        }
    }

    [Fact]
    public async Task A_search_that_finds_nothing_looks_at_a_bounded_number_of_records_and_says_where_to_go_on()
    {
        await using TestApi api = await ManyAsync();
        using var attachment = new GatewayAttachment();
        attachment.Attach(api.State);
        var walk = new RecordWalk(attachment) { Budget = 20_000 };
        var reader = new MappingReader(new ListingFilter(null, new ExternalMatch(1, 1)), null, null);
        List<string?> cursors = [];
        RecordCursor at = RecordCursor.Start;
        do
        {
            Page<MappingResource> page = walk.Page<MappingRecord, MappingResource>(
                at, 100, static shard => shard.Mappings, reader.Read, CancellationToken.None);
            Assert.Empty(page.Items);
            cursors.Add(page.NextCursor);
            if (page.NextCursor is { } next)
                Assert.True(RecordCursor.TryParse(next, out at));
        }
        while (cursors[^1] is not null);

        Assert.Equal(["0-20001", "0-40001", null], cursors);
    }

    [Theory]
    [InlineData("limit=0", "limit: '0' is no number of 1 to 1000")]
    [InlineData("limit=-1", "limit: '-1'")]
    [InlineData("limit=1001", "limit: '1001'")]
    [InlineData("limit=ten", "limit: 'ten'")]
    [InlineData("cursor=x", "cursor: 'x' is none")]
    [InlineData("cursor=0-0", "cursor: '0-0' is none")]
    [InlineData("cursor=999-1", "cursor: '999-1' is none")]
    [InlineData("external=1.2.3", "external: '1.2.3' is no IPv4 address")]
    [InlineData("external=1.2.3.4:99999", "external: ")]
    [InlineData("subscriber=2001:db8::/129", "subscriber: ")]
    [InlineData("subscriber=", "subscriber: ")]
    [InlineData("protocol=300", "protocol: '300' is none")]
    [InlineData("type=dynamic", "type: 'dynamic' is none; static, dynamic-implicit, dynamic-explicit would be right")]
    [InlineData("subscribr=100.64.0.5", "'subscribr' is no parameter of this; subscriber, external")]
    [InlineData("limit=1&limit=2", "the parameter limit is given 2 times")]
    public async Task A_parameter_that_makes_no_sense_is_refused(string query, string message)
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement problem = await api.SendAsync("GET", $"/api/v1/mappings?{query}", 400);

        Assert.StartsWith(message, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_cursor_behind_the_end_finds_nothing()
    {
        await using TestApi api = await TestApi.StartAsync();

        Assert.Empty(await RecordEndpointTests.ItemsAsync(api, "/api/v1/mappings?cursor=7-1"));
        Assert.Empty(await RecordEndpointTests.ItemsAsync(api, "/api/v1/mappings?cursor=0-4294967295"));
    }

    private static async Task<TestApi> ManyAsync()
    {
        TestApi api = await TestApi.StartAsync(records: Many);
        for (uint i = 1; i <= Many; i++)
        {
            api.Fake.Mappings[i] = new MappingRecord
            {
                Subscriber = 1,
                ExternalAddress = 0xCB007105,
                ExternalPort = (ushort)i,
                Protocol = 6,
                State = MappingState.Dynamic,
            };
        }

        return api;
    }
}
