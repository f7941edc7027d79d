using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Control.Api.Problems;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State.Listings;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;
using static Cgn.Control.Tests.Policy.TwoPlanGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>Subscribers steered by the API over the very workers, where nobody authorizes them.</summary>
public sealed class SteeredByOperatorTests
{
    [Fact]
    public async Task A_grant_holds_over_a_restart_of_both_sides_and_is_taken_away_without_ending_sessions()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        gateway.Send(FromCustomer(Customer));
        Assert.True(SubscriberMatch.TryParse(Customer, out SubscriberMatch who, out _));
        gateway.Operator.Grant(who, """{"plan":"fast","port-limit":2}""", CancellationToken.None);
        await gateway.UntilAsync(() => Listed(gateway) == ("fast", "port-limit=2"), "the grant");
        Assert.True(gateway.Send(FromCustomer(Customer, port: 5001)));
        Assert.False(gateway.Send(FromCustomer(Customer, port: 5002)));
        await gateway.KillControlAsync();
        gateway.RestartForwarder();
        await gateway.StartControlAsync();
        Assert.Equal(("fast", "port-limit=2"), Listed(gateway));

        gateway.Operator.TakeAway(who, CancellationToken.None);
        await gateway.UntilAsync(() => Listed(gateway) == ("home", null), "what the configuration says");
        Assert.True(gateway.Send(FromCustomer(Customer, port: 5002)));
        Assert.Equal(3u, Record(gateway).SessionCount);
    }

    [Fact]
    public async Task Who_is_disconnected_has_nothing_left_and_begins_anew_with_his_next_packet()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        gateway.Send(FromCustomer(Customer));
        Assert.True(SubscriberMatch.TryParse(Customer, out SubscriberMatch who, out _));
        gateway.Operator.Grant(who, """{"plan":"fast"}""", CancellationToken.None);
        await gateway.UntilAsync(() => Listed(gateway).Item1 == "fast", "the grant");
        gateway.Operator.Disconnect(who, CancellationToken.None);
        await gateway.UntilAsync(() => Listed(gateway) == default, "the end of it");

        Assert.True(gateway.Send(FromCustomer(Customer)));
        Assert.Equal(("home", null), Listed(gateway));
    }

    [Fact]
    public async Task What_the_configuration_names_holds_against_the_operator()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        gateway.Send(FromCustomer("100.64.200.9"));
        Assert.True(SubscriberMatch.TryParse("100.64.200.9", out SubscriberMatch who, out _));

        var problem = Assert.Throws<ApiProblem>(
            () => gateway.Operator.Grant(who, """{"plan":"home"}""", CancellationToken.None));
        Assert.Equal(409, problem.Status);
        Assert.Contains("subscribers.static of the configuration says what 100.64.200.9 has", problem.Message);
        Assert.Throws<ApiProblem>(() => gateway.Operator.TakeAway(who, CancellationToken.None));
        Assert.Equal(("fast", null), Listed(gateway));
    }

    private static SubscriberRecord Record(SteeredGateway gateway) => gateway.RecordOf(
        Cgn.Control.Radius.Sessions.SubscriberIdentity.Nat444(Cgn.Wire.Ipv4Address.Parse(Customer)).Key);

    private static (string?, string?) Listed(SteeredGateway gateway)
    {
        Listing all = gateway.View(static view =>
        {
            Listing lazy = RecordListings.Subscribers(view, new ListingFilter(null, null));
            return lazy with { Rows = [.. lazy.Rows] };
        });
        object?[]? row = all.Rows.SingleOrDefault();
        return row is null
            ? default
            : ((string?)row[all.Columns.ToList().IndexOf("plan")],
                (string?)row[all.Columns.ToList().IndexOf("overrides")]);
    }
}
