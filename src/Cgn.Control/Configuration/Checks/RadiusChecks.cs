using System.Collections.Generic;
using System.Linq;
using System.Net;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Checks;

/// <summary>RADIUS: servers that are named twice, places to listen that are none, and who may send.</summary>
internal static class RadiusChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        if (options.Radius is not { } radius)
            return;
        if (radius.Authentication is { IsWhole: true } authentication)
        {
            Servers("radius.authentication", authentication.Server, authentication.Fallback, faults);
            if (authentication.BackOffMax.Ms < authentication.BackOff.Ms)
            {
                faults.Error(
                    authentication.PlaceOf(nameof(authentication.BackOffMax)),
                    $"radius.authentication.back-off-max {authentication.BackOffMax} is below back-off "
                    + $"{authentication.BackOff}; that or more would be right");
            }
        }

        if (radius.Accounting is { IsWhole: true } accounting)
            Servers("radius.accounting", accounting.Server, accounting.Fallback, faults);
        if (radius.DynamicAuthorization is { IsWhole: true } dynamic)
        {
            const string Key = "radius.dynamic-authorization";
            Listen(Key, dynamic.Listen, dynamic.PlaceOf(nameof(dynamic.Listen)), faults);
            Clients(Key, dynamic.Clients, faults);
            if (dynamic.Clients.Count == 0 && radius.Authentication is null && radius.Accounting is null)
            {
                faults.Error(
                    dynamic.Place,
                    $"{Key} has no clients, and there are no servers either; the addresses of who may send would be "
                    + "right");
            }
        }

        if (radius.Learning is { IsWhole: true } learning)
        {
            Listen("radius.learning", learning.Listen, learning.PlaceOf(nameof(learning.Listen)), faults);
            Clients("radius.learning", learning.Clients, faults);
            if (radius.DynamicAuthorization is { IsWhole: true } other && other.Listen == learning.Listen)
            {
                faults.Error(
                    learning.PlaceOf(nameof(learning.Listen)),
                    $"radius.learning.listen {learning.Listen} is where radius.dynamic-authorization listens; another "
                    + "port would be right");
            }
        }

        RadiusRetransmissionSection wait = radius.Retransmission;
        if (wait.Maximum.Ms < wait.Initial.Ms)
        {
            faults.Error(
                wait.PlaceOf(nameof(wait.Maximum)),
                $"radius.retransmission.maximum {wait.Maximum} is below initial {wait.Initial}; that or more would be "
                + "right");
        }
    }

    private static void Servers(
        string key, HostPort first, IReadOnlyList<RadiusServerSection> others, FaultList faults)
    {
        HashSet<HostPort> seen = [first];
        foreach (RadiusServerSection other in others.Where(other => other.IsWhole && !seen.Add(other.Server)))
        {
            faults.Error(
                other.PlaceOf(nameof(other.Server)),
                $"{key}.fallback.server {other.Server} is given twice; each server once would be right");
        }
    }

    private static void Clients(string key, IReadOnlyList<RadiusClientSection> clients, FaultList faults)
    {
        HashSet<IPAddress> seen = [];
        foreach (RadiusClientSection client in clients.Where(one => one.IsWhole && !seen.Add(one.Address.Address)))
        {
            faults.Error(
                client.PlaceOf(nameof(client.Address)),
                $"{key}.clients.address {client.Address} is given twice; each client once would be right");
        }
    }

    // Replies come from the address that was asked (RFC 5176 section 2.3), so it must be one.
    private static void Listen(string key, HostPort listen, Place place, FaultList faults)
    {
        if (!IPAddress.TryParse(listen.Host, out IPAddress? address)
            || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            faults.Error(
                place,
                $"{key}.listen {listen} is not one address of this machine; 192.0.2.1:{listen.Port} would be of the "
                + "right form");
        }
    }
}
