using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Packets;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Requests, replies that are believed and that are not, and servers that are dead.</summary>
public sealed class ClientTests
{
    private static readonly NasIdentity s_nas = new("lab-aftr-1");

    private readonly RadiusStatistics _statistics = new();

    [Fact]
    [Requirement("RFC5080-S2.2.1-1")]
    public void Waits_double_from_two_seconds_to_sixteen_with_a_tenth_of_jitter()
    {
        HashSet<TimeSpan> firsts = [];
        for (int seed = 0; seed < 200; seed++)
        {
            var schedule = new RetransmitSchedule(new RetransmitSettings(), new Random(seed));
            double[] waits = [.. Enumerable.Range(0, 6).Select(_ => schedule.Next().TotalSeconds)];
            firsts.Add(TimeSpan.FromSeconds(waits[0]));
            Assert.InRange(waits[0], 1.8, 2.2);
            for (int i = 1; i < waits.Length; i++)
                Assert.True(waits[i] / waits[i - 1] is >= 1.9 and <= 2.1 || waits[i] is >= 14.4 and <= 17.6);
            Assert.All(waits, wait => Assert.InRange(wait, 1.8, 17.6));
            Assert.InRange(waits[5], 14.4, 17.6);
        }

        Assert.True(firsts.Count > 100, "no jitter");
        RetransmitSettings standard = new();
        Assert.Equal((5, 30.0), (standard.Count, standard.Duration.TotalSeconds));
    }

    [Fact]
    [Requirement("RFC5080-S2.2.1-1")]
    public async Task A_request_that_is_sent_again_is_the_same_bytes_and_its_authenticator_is_of_chance()
    {
        int heard = 0;
        using FakeServer server = new(request => ++heard < 3 ? [] : FakeServer.Good(request));
        await using RadiusClient client = Client(server.Settings);
        Assert.NotNull(await AskAsync(client));
        RadiusPacket[] seen = [.. server.Requests];
        Assert.True(seen.Length >= 3, $"{seen.Length} requests");
        Assert.All(seen, one => Assert.Equal(seen[0].Bytes.ToArray(), one.Bytes.ToArray()));
        Assert.NotNull(await AskAsync(client));
        Assert.NotEqual(seen[0].Authenticator.ToArray(), server.Requests.Last().Authenticator.ToArray());
        Assert.Equal(2, _statistics[RadiusCounter.RequestsSent]);
        Assert.True(_statistics[RadiusCounter.Retransmissions] >= 2);
    }

    [Fact]
    [Requirement("RFC2865-S3-AUTH")]
    [Requirement("RFC2869-S5.14-1")]
    [Requirement("RFC5080-MA")]
    public async Task Replies_that_are_forged_unsigned_malformed_or_of_another_code_are_passed_over_and_counted()
    {
        int heard = 0;
        using FakeServer server = new(request => heard++ > 0 ? [] :
        [
            FakeServer.Reply(request, RadiusCode.AccessAccept, secret: [1, 2, 3]),
            FakeServer.Reply(request, RadiusCode.AccessAccept, isSigned: false),
            FakeServer.Reply(request, RadiusCode.AccessAccept, isSigned: false, attributes: writer =>
                writer.Add(AttributeType.MessageAuthenticator, new byte[16])),
            FakeServer.Reply(request, RadiusCode.AccountingResponse),
            [2, request.Identifier, 0],
            FakeServer.Reply(request, RadiusCode.AccessReject),
            FakeServer.Reply(request, RadiusCode.AccessAccept),
        ]);
        await using RadiusClient client = Client(server.Settings);
        RadiusPacket? reply = await AskAsync(client);
        Assert.Equal(RadiusCode.AccessReject, reply!.Code);
        Assert.Equal(2, _statistics[RadiusCounter.RepliesForged]);
        Assert.Equal(1, _statistics[RadiusCounter.RepliesUnsigned]);
        Assert.Equal(1, _statistics[RadiusCounter.RepliesOfWrongCode]);
        Assert.Equal(1, _statistics[RadiusCounter.RepliesMalformed]);
        await Patience.UntilAsync(() => _statistics[RadiusCounter.RepliesStray] == 1, "the late reply is no stray");
    }

    [Fact]
    [Requirement("RFC5080-MA")]
    public async Task A_reply_without_message_authenticator_is_taken_from_a_server_that_need_not_send_one()
    {
        using FakeServer server = new(request => [FakeServer.Reply(request, RadiusCode.AccessAccept, isSigned: false)]);
        await using RadiusClient client = Client(server.Settings with { RequireMessageAuthenticator = false });
        Assert.NotNull(await AskAsync(client));
        Assert.Equal(0, _statistics[RadiusCounter.RepliesUnsigned]);
    }

    [Fact]
    public async Task More_requests_than_a_socket_has_identifiers_take_another_socket_and_each_gets_its_own_reply()
    {
        const int Requests = 600;
        List<RadiusPacket> held = [];
        using FakeServer server = new(request =>
        {
            // All of them wait before the first is answered.
            if (held.All(one => !one.Authenticator.SequenceEqual(request.Authenticator)))
                held.Add(request);
            return held.Count < Requests ? [] : FakeServer.Good(request);
        });
        await using RadiusClient client = Client(server.Settings);
        RadiusPacket?[] replies = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => AskAsync(client)));
        Assert.All(replies, Assert.NotNull);
        Assert.Equal(0, client.Outstanding);
        Assert.Equal(0, _statistics[RadiusCounter.RepliesForged]);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_refused_at_once_and_counted()
    {
        using FakeServer server = new(FakeServer.Silent);
        await using RadiusClient client = new(
            Settings(server.Settings) with { OutstandingMax = 2 }, s_nas, _statistics, TimeProvider.System);
        using CancellationTokenSource end = new();
        Task<RadiusPacket?>[] waiting = [client.SendAsync(Access, end.Token), client.SendAsync(Access, end.Token)];
        Assert.Null(await client.SendAsync(Access, CancellationToken.None));
        Assert.Equal(1, _statistics[RadiusCounter.OutstandingFull]);
        await end.CancelAsync();
        foreach (Task<RadiusPacket?> one in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(0, client.Outstanding);
    }

    [Fact]
    [Requirement("RFC5997-1")]
    public async Task A_silent_server_is_passed_over_until_it_answers_a_signed_probe()
    {
        bool isUp = false;
        using FakeServer first = new(request => isUp ? FakeServer.Good(request) : []);
        using FakeServer second = new(FakeServer.Good);
        await using RadiusClient client = Client(first.Settings, second.Settings);
        Assert.NotNull(await AskAsync(client));
        Assert.Equal(1, _statistics[RadiusCounter.Failovers]);
        Assert.Equal(1, _statistics[RadiusCounter.ServersLost]);
        Assert.Equal(1, client.ServersAlive);

        // From now on nobody waits for the dead one, which only hears probes.
        Assert.NotNull(await AskAsync(client));
        Assert.Equal(1, _statistics[RadiusCounter.Failovers]);
        await Patience.UntilAsync(
            () => first.Requests.Any(one => one.Code == RadiusCode.StatusServer), "no probe");
        RadiusPacket probe = first.Requests.First(one => one.Code == RadiusCode.StatusServer);
        Assert.Equal(
            MessageCheck.Right, PacketSignature.CheckMessage(probe, probe.Authenticator, FakeServer.Secret));
        isUp = true;
        await Patience.UntilAsync(() => client.ServersAlive == 2, "the server is not found again");
        Assert.True(_statistics[RadiusCounter.ServersFound] > 0);
        int before = first.Requests.Count(one => one.Code == RadiusCode.AccessRequest);
        Assert.NotNull(await AskAsync(client));
        Assert.True(first.Requests.Count(one => one.Code == RadiusCode.AccessRequest) > before);
    }

    [Fact]
    public void A_server_is_dead_only_when_nothing_came_since_the_request_and_is_tried_again_after_a_while()
    {
        DateTimeOffset start = ManualTime.Start;
        ServerHealth health = new(TimeSpan.FromSeconds(60));
        health.Answered(start.AddSeconds(5));
        Assert.False(health.Failed(start, start.AddSeconds(30)));
        Assert.False(health.IsDead);
        Assert.True(health.Failed(start.AddSeconds(6), start.AddSeconds(36)));
        Assert.False(health.Failed(start.AddSeconds(7), start.AddSeconds(36)));
        Assert.False(health.IsUsable(start.AddSeconds(95)));
        Assert.True(health.IsUsable(start.AddSeconds(96)));
        Assert.True(health.IsDead);
        Assert.True(health.Answered(start.AddSeconds(97)));
        Assert.False(health.IsDead);
    }

    private static RadiusClientSettings Settings(params RadiusServerSettings[] servers) => new()
    {
        Servers = servers,
        Retransmit = new RetransmitSettings
        {
            Initial = TimeSpan.FromMilliseconds(150),
            Maximum = TimeSpan.FromSeconds(2),
            Count = 8,
        },
        ProbeInterval = TimeSpan.FromMilliseconds(50),
        RetryDeadAfter = TimeSpan.FromHours(1),
    };

    private static byte[] Access(byte identifier, ReadOnlySpan<byte> secret)
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, identifier, withMessageAuthenticator: true);
        s_nas.Write(writer);
        return writer.SignAccess(NasIdentity.NewAuthenticator(), secret);
    }

    private static Task<RadiusPacket?> AskAsync(RadiusClient client) =>
        client.SendAsync(Access, CancellationToken.None);

    private RadiusClient Client(params RadiusServerSettings[] servers) =>
        new(Settings(servers), s_nas, _statistics, TimeProvider.System);
}
