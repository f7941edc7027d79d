using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Control.Api.Events;
using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Configurations;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Cgn.Control.Api.Endpoints;

/// <summary>Events as they come: a stream (server-sent events), or a question that waits for the next ones.</summary>
internal sealed class EventEndpoints(
    EventStream stream, ConfigurationDesk desk, ApiStatistics counts, JsonSerializerOptions json)
{
    private const int BatchMax = 256;
    private const int WaitMax = 60;
    private const int FollowersMax = 64;
    private const string OfKinds =
        "Only of these kinds, with commas between: block_allocated, limit_hit, threshold_crossed ...";

    private const string OfSubscriber = "Only about subscribers with this address or prefix";
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/events", Stream)
            .Says(
                "Events as server-sent events, from now on or behind the header Last-Event-ID. Whoever is too slow "
                + "gets an event 'missed' that says how many went by", ApiRole.Read)
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");
        api.MapGet("/events/recent", Recent).Says(
            "Events after a number; waits for the next ones when asked to", ApiRole.Read);
    }

    private async Task<EventPage> Recent(
        [FromQuery, Description("Number of the last event known; 0 or left out: from the oldest that is kept")]
        string? after,
        [FromQuery, Description("Seconds to wait when there is none: 0 to 60, 0 when left out")] string? wait,
        [FromQuery, Description(OfKinds)] string? kind, [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromQuery, Description("Events at most: 1 to 1000, 100 when left out")] string? limit,
        CancellationToken cancellation)
    {
        EventFilter filter = EventFilter.Of(kind, Query.Subscriber(subscriber));
        long last = Number(after, "after") ?? 0;
        int most = Query.Limit(limit);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(Query.Number("wait", wait, 0, WaitMax, 0)));
        var found = new List<EventResource>();
        long missed = 0;
        var batch = new ForwarderEvent[1];
        while (found.Count < most)
        {
            if (stream.Take(ref last, batch, out long lost) == 0)
            {
                if (found.Count != 0 || !await IsMoreAsync(last, patience.Token).ConfigureAwait(false))
                    break;
                continue;
            }

            missed += lost;
            if (filter.Asks(batch[0], desk.Snapshot.Settings.SubscriberMaskV6))
                found.Add(EventText.Of(last, batch[0], desk.Snapshot));
        }

        cancellation.ThrowIfCancellationRequested();
        counts.Missed(missed);
        return new EventPage(found, last, missed);
    }

    private async Task Stream(
        [FromQuery, Description(OfKinds)] string? kind, [FromQuery, Description(OfSubscriber)] string? subscriber,
        [FromHeader(Name = "Last-Event-ID"), Description("Number of the last event known")] string? lastEventId,
        HttpContext context)
    {
        EventFilter filter = EventFilter.Of(kind, Query.Subscriber(subscriber));
        long last = Number(lastEventId, "Last-Event-ID") ?? stream.Last;
        if (counts.Follow() > FollowersMax)
        {
            counts.Unfollow();
            throw ApiProblem.Unavailable($"{FollowersMax} clients follow the events already");
        }

        try
        {
            // Somebody slow is told what he missed, not cut off; one who takes nothing at all for a minute is.
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                rate.MinDataRate = null;
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await FollowAsync(context, filter, last).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            counts.Unfollow();
        }
    }

    private async Task FollowAsync(HttpContext context, EventFilter filter, long last)
    {
        CancellationToken gone = context.RequestAborted;
        var batch = new ForwarderEvent[BatchMax];
        await SendAsync(context, ": events follow\n\n", gone).ConfigureAwait(false);
        while (!gone.IsCancellationRequested)
        {
            int count = stream.Take(ref last, batch, out long missed);
            var text = new System.Text.StringBuilder();
            if (missed != 0)
            {
                counts.Missed(missed);
                text.Append(CultureInfo.InvariantCulture, $"event: missed\ndata: {{\"missed\":{missed}}}\n\n");
            }

            for (int i = 0; i < count; i++)
            {
                if (!filter.Asks(batch[i], desk.Snapshot.Settings.SubscriberMaskV6))
                    continue;
                EventResource told = EventText.Of(last - count + 1 + i, batch[i], desk.Snapshot);
                text.Append(CultureInfo.InvariantCulture, $"id: {told.Id}\nevent: {told.Event}\ndata: ")
                    .Append(JsonSerializer.Serialize(told, json)).Append("\n\n");
            }

            if (text.Length != 0)
                await SendAsync(context, text.ToString(), gone).ConfigureAwait(false);
            if (count != 0)
                continue;
            using var alive = CancellationTokenSource.CreateLinkedTokenSource(gone);
            alive.CancelAfter(s_alive);
            if (!await IsMoreAsync(last, alive.Token).ConfigureAwait(false))
                await SendAsync(context, ":\n\n", gone).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsMoreAsync(long last, CancellationToken patience)
    {
        try
        {
            await stream.WaitAsync(last, patience).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken gone)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(gone);
        patience.CancelAfter(s_patience);
        await context.Response.WriteAsync(text, patience.Token).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(patience.Token).ConfigureAwait(false);
    }

    private static long? Number(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw ApiProblem.BadRequest($"{name}: '{text}' is no number of an event; 0 or more would be right");
    }
}
