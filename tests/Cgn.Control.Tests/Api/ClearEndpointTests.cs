using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Mappings ended by request; the test empties the command ring in the forwarder's place.</summary>
public class ClearEndpointTests
{
    [Theory]
    [Requirement("MGMT-CLEAR")]
    [Requirement("RFC6888-REQ-11d")]
    [InlineData("subscribers/2001:db8:100:100::%2F56/mappings", 0x2001_0DB8_0100_0100, 0ul, 56, 0u, 0)]
    [InlineData("subscribers/100.64.0.5/mappings?protocol=tcp", 0ul, 0xFFFF_6440_0005, 128, 0u, 6)]
    [InlineData("mappings?external=203.0.113.5", 0ul, 0ul, 0, 0xCB007105u, 0)]
    [InlineData("mappings?external=203.0.113.5&protocol=udp", 0ul, 0ul, 0, 0xCB007105u, 17)]
    public async Task The_forwarder_is_asked_for_what_is_named(
        string path, ulong high, ulong low, int length, uint external, byte protocol)
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        using var end = new CancellationTokenSource();
        Task<List<ForwarderCommand>> obeyed = Task.Run(() => Obey(api.State, end.Token));
        await api.SendAsync("DELETE", $"/api/v1/{path}", 200);
        await end.CancelAsync();

        ForwarderCommand command = Assert.Single(await obeyed);
        Assert.Equal(
            (CommandKind.Clear, new Ipv6PrefixSetting(high, low, (byte)length), external, protocol),
            (command.Kind, command.Prefix, command.ExternalAddress, command.Protocol));
    }

    [Theory]
    [InlineData("subscribers/100.64.0.6/mappings", 404, "no subscriber of 100.64.0.6/32 has state here")]
    [InlineData("mappings?external=198.51.100.9", 404, "external: no pool has 198.51.100.9")]
    [InlineData("subscribers/100.64.0.5/mappings?external=198.51.100.9", 404, "no pool has 198.51.100.9")]
    [InlineData("mappings", 400, "external or protocol is needed")]
    [InlineData("mappings?external=203.0.113.5:80", 400, "names a port")]
    [InlineData("mappings?external=0.0.0.0", 400, "0.0.0.0 is nobody's")]
    [InlineData("mappings?protocol=0", 400, "0 is not translated")]
    public async Task What_names_nothing_is_refused(string path, int status, string message)
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        JsonElement problem = await api.SendAsync("DELETE", $"/api/v1/{path}", status);

        Assert.Contains(message, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Without_a_forwarder_there_is_nobody_to_ask()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        api.Fake.Enter(ForwarderState.Stopped);

        await api.SendAsync("DELETE", "/api/v1/mappings?protocol=tcp", 503);
    }

    private static List<ForwarderCommand> Obey(StateDirectory directory, CancellationToken end)
    {
        List<ForwarderCommand> all = [];
        using Arena arena = Arena.InDirectory(directory.Path);
        var ring = new SpscRing<ForwarderCommand>(
            arena.Take(SectionNames.Commands(0), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity)),
            ForwarderCommand.RingCapacity);
        var one = new ForwarderCommand[1];
        while (!end.IsCancellationRequested)
        {
            if (ring.Peek(one) == 0)
            {
                Thread.Sleep(1);
                continue;
            }

            all.Add(one[0]);
            ring.Release(1);
        }

        return all;
    }
}
