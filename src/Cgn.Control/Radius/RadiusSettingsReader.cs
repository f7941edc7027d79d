using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting;
using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Radius;

/// <summary>Makes settings of a configuration: reads the secrets and looks up the names.</summary>
internal static class RadiusSettingsReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="options">The configuration; its checks have passed.</param>
    /// <param name="stateDirectory">Where files go that the configuration does not name.</param>
    /// <param name="knowsPlan">There is a plan of a name; null: those of this configuration, for good.</param>
    /// <returns>Null where there is no RADIUS.</returns>
    /// <exception cref="SystemRefusedException">A secret can't be read, or a name is unknown.</exception>
    public static RadiusSettings? Read(
        GatewayOptions options, string stateDirectory, Func<string, bool>? knowsPlan = null)
    {
        if (options.Radius is not { } radius)
            return null;
        RadiusListenSection? dynamic = radius.DynamicAuthorization;
        RadiusLearningSection? learning = radius.Learning;
        RadiusClientSettings? authentication = Authentication(radius);
        RadiusClientSettings? accounting = Accounting(radius);
        return new RadiusSettings
        {
            Nas = new NasIdentity(
                radius.NasIdentifier ?? options.Gateway.Name, radius.NasIpAddress?.Address,
                radius.NasIpv6Address?.Address),
            KnowsPlan = knowsPlan ?? (name => options.Plans.Any(plan => plan.Id == name)),
            StartsFile = Path.Combine(stateDirectory, "radius-starts"),
            SessionsFile = SessionsFile(stateDirectory),
            Authentication = authentication,
            Access = Access(radius.Authentication, options),
            AccountingServers = accounting,
            Accounting = new AccountingSettings
            {
                QueueMax = radius.Accounting?.Queue ?? 1,
                ReportsPorts = radius.Accounting?.PortRanges ?? false,
                SpoolFile = radius.Accounting?.SpoolFile ?? Path.Combine(stateDirectory, "radius-accounting.spool"),
            },
            Sessions = new SessionSettings
            {
                InterimInterval = radius.Accounting is { } section
                    && section.IsGiven(nameof(section.InterimInterval)) ? section.InterimInterval.Span : null,
            },
            DynamicListen = dynamic is null ? null : EndPoint(dynamic.Listen),
            Dynamic = Dynamic(dynamic, [.. authentication?.Servers ?? [], .. accounting?.Servers ?? []]),
            LearningListen = learning is null ? null : EndPoint(learning.Listen),
            LearningClients = learning is null ? [] : Clients(learning.Clients, learning.SecretFile),
            MaskBits = MaskBits(options),
            LearntMax = (int)Math.Min(int.MaxValue, (long)options.Gateway.Capacity.Subscribers),
        };
    }

    /// <summary>Where sessions are kept.</summary>
    public static string SessionsFile(string stateDirectory) => Path.Combine(stateDirectory, "radius-sessions");

    /// <summary>Bits of a B4's address that name a DS-Lite subscriber.</summary>
    public static int MaskBits(GatewayOptions options) => options.DsLite?.SubscriberMaskV6 ?? Ipv6Prefix.LengthMax;

    private static RadiusClientSettings? Authentication(RadiusSection radius) =>
        radius.Authentication is not { } one ? null : Client(radius, Server(one), one.Fallback);

    private static RadiusClientSettings? Accounting(RadiusSection radius) =>
        radius.Accounting is not { } one ? null : Client(radius, Server(one), one.Fallback);

    private static RadiusServerSettings Server(RadiusPeerSection one) =>
        new(EndPoint(one.Server), FirstLine(one.SecretFile))
        {
            RequireMessageAuthenticator = one is not RadiusServerSection { RequireMessageAuthenticator: false },
            AnswersStatus = one.StatusServer,
        };

    private static RadiusClientSettings Client(
        RadiusSection radius, RadiusServerSettings first, IReadOnlyList<RadiusServerSection> fallback) => new()
        {
            Servers = [first, .. fallback.Select(Server)],
            Retransmit = new RetransmitSettings
            {
                Initial = radius.Retransmission.Initial.Span,
                Maximum = radius.Retransmission.Maximum.Span,
                Duration = radius.Retransmission.Duration.Span,
                Count = radius.Retransmission.Count,
            },
            FailoverAfter = radius.Retransmission.FailoverAfter,
            OutstandingMax = radius.Outstanding,
        };

    private static AccessSettings Access(RadiusAuthenticationSection? section, GatewayOptions options) =>
        section is null ? new AccessSettings() : new AccessSettings
        {
            Password = section.PasswordFile is { } file ? Encoding.UTF8.GetString(FirstLine(file)) : null,
            CacheTime = section.CacheTime.Span,
            RejectTime = section.RejectTime.Span,
            BackOff = section.BackOff.Span,
            BackOffMax = section.BackOffMax.Span,
            ServesUnanswered = section.OnNoAnswer == NoAnswer.DefaultPlan,
        };

    private static DynamicSettings Dynamic(RadiusListenSection? section, RadiusServerSettings[] servers)
    {
        if (section is null)
            return new DynamicSettings { Clients = [] };
        byte[] secret = FirstLine(section.SecretFile);
        return new DynamicSettings
        {
            Clients = section.Clients.Count > 0
                ? Clients(section.Clients, section.SecretFile)
                : [.. servers.Select(static one => one.EndPoint.Address).Distinct()
                    .Select(address => new DynamicClient(address, secret))],
            Window = section.Window.Span,
            RequireTimestamp = section.RequireEventTimestamp,
            RequireMessageAuthenticator = section.RequireMessageAuthenticator,
        };
    }

    private static DynamicClient[] Clients(IReadOnlyList<RadiusClientSection> clients, string secretFile) =>
        [.. clients.Select(one => new DynamicClient(one.Address.Address, FirstLine(one.SecretFile ?? secretFile)))];

    private static IPEndPoint EndPoint(HostPort place)
    {
        try
        {
            return new IPEndPoint(
                IPAddress.TryParse(place.Host, out IPAddress? address) ? address : Dns.GetHostAddresses(place.Host)[0],
                place.Port);
        }
        catch (SocketException error)
        {
            throw new SystemRefusedException(
                $"radius: the name {place.Host} can't be looked up: {error.Message}", error);
        }
    }

    private static byte[] FirstLine(string path)
    {
        try
        {
            string line = File.ReadLines(path).FirstOrDefault("").TrimEnd();
            return line.Length > 0
                ? Encoding.UTF8.GetBytes(line)
                : throw new SystemRefusedException(
                    $"radius: the first line of {path} is empty; a secret would be right");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"radius: {path} can't be read: {error.Message}", error);
        }
    }
}
