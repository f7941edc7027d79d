using System;
using System.ComponentModel;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State;
using Cgn.Control.State.Listings;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Cgn.Control.Api.Endpoints;

/// <summary>Ends mappings by request (RFC 6888 REQ-11d leaves that to the operator).</summary>
internal sealed class ClearEndpoints(RecordEndpoints records, RecordWalk walk, StateDirectory directory)
{
    private const string OfExternal = "Only those that have this public address";
    private const string OfProtocol = "Only those of this protocol: tcp, udp, icmp or a number";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/subscribers/{subscriber}/mappings", ClearSubscriberAsync).Says(
            "Ends a subscriber's mappings with their sessions. Without external and protocol its port blocks go back "
            + "and it is forgotten; static mappings stay", ApiRole.Write, StatusCodes.Status404NotFound);
        api.MapDelete("/mappings", ClearAsync).Says(
            "Ends mappings with their sessions, by public address, protocol, subscribers or all of these; static "
            + "mappings stay", ApiRole.Write, StatusCodes.Status404NotFound);
    }

    private async Task<ClearedResource> ClearSubscriberAsync(
        [FromRoute, Description("Prefix or address; the slash of a prefix is written %2F")] string subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(OfProtocol)] string? protocol,
        CancellationToken cancellation)
    {
        SubscriberMatch who = RecordEndpoints.Path(subscriber);
        var command = Command(external, protocol, who.Setting);
        records.Find(who, cancellation);
        RequirePool(command);
        await SendAsync(command, cancellation).ConfigureAwait(false);
        return new ClearedResource(who.ToString(), external, protocol);
    }

    private async Task<ClearedResource> ClearAsync(
        [FromQuery, Description("Only those of subscribers of this prefix or address")] string? subscriber,
        [FromQuery, Description(OfExternal)] string? external, [FromQuery, Description(OfProtocol)] string? protocol,
        CancellationToken cancellation)
    {
        if (external is null && protocol is null)
        {
            throw ApiProblem.BadRequest(
                "external or protocol is needed, or both: to end all that a subscriber has, DELETE "
                + "/api/v1/subscribers/{subscriber}/mappings");
        }

        SubscriberMatch? who = Query.Subscriber(subscriber);
        ForwarderCommand command = Command(external, protocol, who?.Setting ?? default);
        RequirePool(command);
        await SendAsync(command, cancellation).ConfigureAwait(false);
        return new ClearedResource(who?.ToString(), external, protocol);
    }

    private static ForwarderCommand Command(string? external, string? protocol, Ipv6PrefixSetting prefix)
    {
        if (Query.External(external) is { Port: not null })
            throw ApiProblem.BadRequest($"external: '{external}' names a port; an address alone would be right");
        if (Query.External(external) is { Address: 0 })
            throw ApiProblem.BadRequest("external: 0.0.0.0 is nobody's; an address of a pool would be right");
        byte? number = Query.Protocol(protocol);
        if (number == 0)
        {
            throw ApiProblem.BadRequest(
                "protocol: 0 is not translated; tcp, udp, icmp or a number of 1 to 255 would be");
        }

        return new ForwarderCommand
        {
            Kind = CommandKind.Clear,
            Prefix = prefix,
            ExternalAddress = Query.External(external)?.Address ?? 0,
            Protocol = number ?? 0,
        };
    }

    private void RequirePool(ForwarderCommand command)
    {
        if (command.ExternalAddress is not 0 and var address
            && !walk.Read(moment => moment.Snapshot.Pools).Any(pool => pool.Has(address)))
            throw ApiProblem.NotFound($"external: no pool has {ReadMoment.Address(address)}");
    }

    private async Task SendAsync(ForwarderCommand command, CancellationToken cancellation)
    {
        try
        {
            if (!await Task.Run(() => CommandWriter.Send(directory, command, s_patience), cancellation)
                    .ConfigureAwait(false))
            {
                throw ApiProblem.Unavailable(
                    $"it was not done within {s_patience.TotalSeconds} s; the forwarder goes on with it");
            }
        }
        catch (StateException refusal)
        {
            throw ApiProblem.Unavailable(refusal.Message);
        }
    }
}
