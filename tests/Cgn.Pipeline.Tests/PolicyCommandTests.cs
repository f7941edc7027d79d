using System;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Plans given to subscribers by command, through the rings and workers of a whole gateway.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private const uint Customers = 0x64400000;

    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-policy-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Many_subscribers_wait_and_are_given_their_plans(int shards)
    {
        const int Many = 200;
        using GatewayBench bench = new(Asking, shards);
        for (uint i = 1; i <= Many; i++)
            Assert.False(IsCarried(bench, i));
        Assert.Equal(Many, bench.Gateway.Drops(DropReason.SubscriberPending));
        bench.Gateway.Policies.Write(0, default);
        for (uint i = 1; i <= Many; i++)
            Assert.True(bench.Gateway.Command(ForwarderCommand.SetPlan(Who(i), PlanNumber.FirstGranted)));
        bench.Gateway.Run(bench.Now);
        for (uint i = 1; i <= Many; i++)
            Assert.True(IsCarried(bench, i));
    }

    [Fact]
    public void Refusal_ends_running_sessions_in_both_directions()
    {
        using GatewayBench bench = new(Asking);
        IsCarried(bench, 1);
        bench.Gateway.Policies.Write(7, default);
        bench.Gateway.Command(ForwarderCommand.SetPlan(Who(1), PlanNumber.OfSlot(7)));
        Decoded sent = new(Assert.Single(bench.FromInside(Frame(1))));
        byte[] answer = Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort);
        Assert.Single(bench.FromServer(answer));
        bench.Gateway.Command(ForwarderCommand.SetPlan(Who(1), PlanNumber.Refused));
        bench.Gateway.Run(bench.Now);
        Assert.Empty(bench.FromServer(answer));
        Assert.False(IsCarried(bench, 1));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.SubscriberRefused));
        bench.Gateway.Command(ForwarderCommand.Release(Who(1)));
        bench.Gateway.Run(bench.Now);
        Assert.Equal(0u, bench.Gateway.Shard(0).SubscriberCount);
    }

    [Fact]
    public void Command_that_a_killed_process_left_in_its_ring_is_carried_out_by_the_next()
    {
        using (GatewayBench bench = new(Asking, stateDirectory: _directory))
        {
            IsCarried(bench, 1);
            bench.Gateway.Policies.Write(0, default);
            Assert.True(bench.Gateway.Command(ForwarderCommand.SetPlan(Who(1), PlanNumber.FirstGranted)));
        }

        using GatewayBench later = new(Asking, stateDirectory: _directory, atSeconds: 2);
        Assert.True(later.Gateway.Worker(0).Desk.IsBusy);
        later.Gateway.Run(later.Now);
        Assert.True(IsCarried(later, 1));
    }

    private static GatewaySettings Asking(GatewaySettings settings) => settings with { AsksUnknown = true };

    private static SubscriberId Who(uint customer) => new(SubscriberKind.Nat444, 0, Customers + customer);

    private static bool IsCarried(GatewayBench bench, uint customer) => bench.FromInside(Frame(customer)).Count == 1;

    private static byte[] Frame(uint customer) => Packets.Ethernet(
        Packets.Udp($"100.64.{customer >> 8}.{customer & 255}", 10000, GatewayBench.Server, 53));
}
