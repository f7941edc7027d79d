using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Records;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.State.Listings;
using Cgn.Wire;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;
using static Cgn.Control.Tests.Policy.TwoPlanGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>Subscribers steered one by one, without RADIUS.</summary>
public sealed class PolicyDeskTests
{
    [Fact]
    public async Task Granted_policy_shows_in_the_listing_and_refusal_too()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        gateway.Send(FromCustomer(Customer));
        SubscriberIdentity who = SubscriberIdentity.Nat444(Ipv4Address.Parse(Customer));
        Assert.Equal(("home", null), Listed(gateway));
        gateway.Desk.Grant(who, new SubscriberPolicy { Plan = "fast", RateUp = 2_000_000, RateDown = 1_500_000 });
        await gateway.UntilAsync(
            () => Listed(gateway) == ("fast", "rate-down=1500kbit/s rate-up=2Mbit/s"), "the grant");
        gateway.Desk.Refuse(who);
        await gateway.UntilAsync(() => Listed(gateway) == ("refused", null), "the refusal");
    }

    [Fact]
    public async Task What_the_configuration_names_can_not_be_granted_anything()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        SubscriberPolicy policy = new() { Plan = "home" };
        Assert.False(gateway.Desk.CanGrant(SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 200, 9)), policy));
        Assert.True(gateway.Desk.CanGrant(SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 201, 9)), policy));
    }

    [Fact]
    public async Task More_commands_than_the_rings_hold_are_carried_out_in_their_order()
    {
        const int Many = 3 * ForwarderCommand.RingCapacity;
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        for (uint i = 0; i < Many; i++)
            gateway.Send(FromCustomer(Address(i).ToString()));
        for (uint i = 0; i < Many; i++)
        {
            gateway.Desk.Refuse(SubscriberIdentity.Nat444(Address(i)));
            gateway.Desk.Grant(SubscriberIdentity.Nat444(Address(i)), new SubscriberPolicy { Plan = "fast" });
        }

        Assert.True(gateway.Desk.CommandsWaiting > 0);
        await gateway.UntilAsync(
            () => gateway.Desk.CommandsWaiting == 0 && !gateway.Forwarder.Worker(0).Desk.IsBusy
                && !gateway.Forwarder.Worker(1).Desk.IsBusy,
            "all carried out");
        for (uint i = 0; i < Many; i++)
        {
            SubscriberIdentity who = SubscriberIdentity.Nat444(Address(i));
            Assert.True(PlanNumber.IsGranted(gateway.RecordOf(who.Key).Plan));
        }

        Assert.Equal(1, gateway.Desk.PoliciesGranted);
        // Refusal came first, and ended what there was.
        Assert.Equal(0u, gateway.Forwarder.Shard(0).SessionCount + gateway.Forwarder.Shard(1).SessionCount);
    }

    [Fact]
    public async Task While_somebody_else_writes_commands_wait_and_none_is_lost()
    {
        await using SteeredGateway gateway = new(TwoPlans);
        await gateway.StartControlAsync();
        gateway.Send(FromCustomer(Customer));
        SubscriberIdentity who = SubscriberIdentity.Nat444(Ipv4Address.Parse(Customer));
        using (File.Open(
            gateway.Settings.Directory.CommandLockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            gateway.Desk.Refuse(who);
            Assert.False(gateway.Desk.TryWrite());
            gateway.Turn();
            Assert.True(gateway.Send(FromCustomer(Customer)));
        }

        await gateway.UntilAsync(() => !gateway.Send(FromCustomer(Customer)), "the refusal");
        Assert.True(gateway.Forwarder.Drops(DropReason.SubscriberRefused) > 0);
    }

    private static Ipv4Address Address(uint number) => new(0x64400000 + 256 + number);

    private static (string?, string?) Listed(SteeredGateway gateway)
    {
        Listing all = gateway.View(
            view =>
            {
                Listing lazy = RecordListings.Subscribers(view, new ListingFilter(null, null));
                return lazy with { Rows = [.. lazy.Rows] };
            });
        object?[] row = all.Rows.Single();
        return ((string?)row[all.Columns.ToList().IndexOf("plan")],
            (string?)row[all.Columns.ToList().IndexOf("overrides")]);
    }
}
