using System;
using System.ComponentModel;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State.Listings;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>The tables of records.</summary>
internal sealed class RecordEndpoints(RecordWalk walk)
{
    private const string OfSubscriber =
        "Only of subscribers with this address or prefix, such as 2001:db8:100:100::/56";
    private const string OfExternal = "Only what has this public address, or address and port: 203.0.113.5:1024";
    private const string Most = "Items at most: 1 to 1000, 100 when left out";
    private const string From = "The next-cursor of the answer before; left out: from the beginning";

    private int _isLooking;

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/subscribers", Subscribers).Says("Subscribers that have state, in pages", ApiRole.Read);
        api.MapGet("/subscribers/busiest", BusiestAsync).Says(
            "The subscribers that carry most; takes as long as it looks", ApiRole.Read);
        api.MapGet("/subscribers/{subscriber}", Subscriber).Says(
            "One subscriber, by its prefix or any address of it; the slash of a prefix is written %2F",
            ApiRole.Read, StatusCodes.Status404NotFound);
        api.MapGet("/softwires", Softwires).Says("Softwires that have state, in pages", ApiRole.Read);
        api.MapGet("/address-mappings", AddressMappings).Says(
            "Which public address each subscriber is paired with, in pages", ApiRole.Read);
        api.MapGet("/mappings", Mappings).Says("The mapping table, in pages", ApiRole.Read);
        api.MapGet("/subscribers/{subscriber}/mappings", MappingsOf).Says(
            "The mappings of one subscriber, in pages", ApiRole.Read, StatusCodes.Status404NotFound);
        api.MapGet("/sessions", Sessions).Says("Sessions, in pages", ApiRole.Read);
        api.MapGet("/port-blocks", PortBlocks).Says("Port blocks that are given out, in pages", ApiRole.Read);
    }

    /// <summary>Finds a subscriber.</summary>
    /// <exception cref="ApiProblem">There is none.</exception>
    public SubscriberResource Find(SubscriberMatch who, CancellationToken cancellation)
    {
        var readers = new RecordReaders(new ListingFilter(who, null));
        return walk.Find<SubscriberRecord, SubscriberResource>(
            static shard => shard.Subscribers, readers.Subscriber, cancellation)
            ?? throw ApiProblem.NotFound($"no subscriber of {who} has state here");
    }

    private Page<SubscriberResource> Subscribers(
        [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(From)] string? cursor,
        [FromQuery, Description(Most)] string? limit, CancellationToken cancellation) => walk.Page(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Subscribers,
            (RecordWalk.Reader<SubscriberRecord, SubscriberResource>)
                new RecordReaders(Query.Filter(subscriber, external)).Subscriber,
            cancellation);

    // One at a time: each looks at every subscriber twice.
    private async Task<Page<BusySubscriber>> BusiestAsync(
        [FromQuery, Description("Seconds to look: 1 to 60, 1 when left out")] string? seconds,
        [FromQuery, Description("Subscribers at most: 1 to 1000, 100 when left out")] string? limit,
        CancellationToken cancellation)
    {
        int time = Query.Number("seconds", seconds, 1, 60, 1);
        int most = Query.Limit(limit);
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            throw ApiProblem.Unavailable(
                "somebody else looks for the busiest subscribers; try again when that is done");
        }

        try
        {
            return new Page<BusySubscriber>(
                await new BusiestReader(walk).ReadAsync(most, TimeSpan.FromSeconds(time), cancellation)
                    .ConfigureAwait(false),
                null);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private SubscriberResource Subscriber(
        [FromRoute, Description("Prefix or address, such as 2001:db8:100:100::%2F56 or 100.64.0.5")] string subscriber,
        CancellationToken cancellation) => Find(Path(subscriber), cancellation);

    private Page<SoftwireResource> Softwires(
        [FromQuery, Description(OfSubscriber)] string? subscriber, [FromQuery, Description(From)] string? cursor,
        [FromQuery, Description(Most)] string? limit, CancellationToken cancellation) => walk.Page(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Subscribers,
            (RecordWalk.Reader<SubscriberRecord, SoftwireResource>)
                new RecordReaders(Query.Filter(subscriber, null)).Softwire,
            cancellation);

    private Page<AddressMappingResource> AddressMappings(
        [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(From)] string? cursor,
        [FromQuery, Description(Most)] string? limit, CancellationToken cancellation) => walk.Page(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Subscribers,
            (RecordWalk.Reader<SubscriberRecord, AddressMappingResource>)
                new RecordReaders(Query.Filter(subscriber, external)).AddressMapping,
            cancellation);

    private Page<MappingResource> Mappings(
        [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external,
        [FromQuery, Description("Only of this type: static, dynamic-implicit or dynamic-explicit")] string? type,
        [FromQuery, Description("Only of this protocol: tcp, udp, icmp or a number")] string? protocol,
        [FromQuery, Description(From)] string? cursor, [FromQuery, Description(Most)] string? limit,
        CancellationToken cancellation)
    {
        Query.OneOf("type", type, "static", "dynamic-implicit", "dynamic-explicit");
        var reader = new MappingReader(Query.Filter(subscriber, external), type, Query.Protocol(protocol));
        return walk.Page<MappingRecord, MappingResource>(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Mappings, reader.Read, cancellation);
    }

    private Page<MappingResource> MappingsOf(
        [FromRoute, Description("Prefix or address; the slash of a prefix is written %2F")] string subscriber,
        [FromQuery, Description(From)] string? cursor, [FromQuery, Description(Most)] string? limit,
        CancellationToken cancellation)
    {
        SubscriberMatch who = Path(subscriber);
        if (cursor is null)
            Find(who, cancellation);
        var reader = new MappingReader(new ListingFilter(who, null), null, null);
        return walk.Page<MappingRecord, MappingResource>(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Mappings, reader.Read, cancellation);
    }

    private Page<SessionResource> Sessions(
        [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(From)] string? cursor,
        [FromQuery, Description(Most)] string? limit, CancellationToken cancellation) => walk.Page(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Sessions,
            (RecordWalk.Reader<SessionRecord, SessionResource>)
                new RecordReaders(Query.Filter(subscriber, external)).Session,
            cancellation);

    private Page<PortSetResource> PortBlocks(
        [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(From)] string? cursor,
        [FromQuery, Description(Most)] string? limit, CancellationToken cancellation) => walk.Page(
            Query.Cursor(cursor), Query.Limit(limit), static shard => shard.Blocks,
            (RecordWalk.Reader<BlockRecord, PortSetResource>)
                new RecordReaders(Query.Filter(subscriber, external)).PortSet,
            cancellation);

    /// <summary>A subscriber as it stands in a path, where the slash of a prefix stays escaped.</summary>
    public static SubscriberMatch Path(string text) => Query.Subscriber(
        text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), "the subscriber in the path")!.Value;
}
