using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Pools;
using Cgn.Control.Hosting;
using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Learning;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius;

/// <summary>
/// RADIUS as the rest of the control plane sees it: first packets and port blocks go in here, what is to be done comes
/// out at <see cref="ISubscriberDesk"/>.
/// </summary>
internal sealed class RadiusGateway : IAsyncDisposable
{
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly RadiusClient? _authentication;
    private readonly RadiusClient? _accountingClient;
    private readonly AccessDesk? _access;
    private readonly AccountingDesk? _accounting;
    private readonly DatagramService? _dynamic;
    private readonly DatagramService? _learning;
    private readonly SessionFile? _file;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sweeping;

    /// <summary>Opens ports and files, and begins.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="desk">Who carries it out.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SystemRefusedException">A port or a file can't be had.</exception>
    public RadiusGateway(RadiusSettings settings, ISubscriberDesk desk, TimeProvider time)
    {
        _time = time;
        var plans = new PolicyReader(settings.KnowsPlan);
        SessionIds ids = Opened("radius.state", () => settings.StartsFile is { } file
            ? SessionIds.Open(file)
            : new SessionIds(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)))));
        _file = settings.SessionsFile is { } path
            ? Opened("radius.state", () => new SessionFile(path, settings.MaskBits)) : null;
        if (settings.AccountingServers is { } accounting)
        {
            _accountingClient = new RadiusClient(accounting, settings.Nas, Statistics, time);
            _accounting = Opened("radius.accounting", () => new AccountingDesk(
                _accountingClient, settings.Nas, ids, settings.Accounting, Statistics, time,
                // To servers a gateway that begins has no sessions (RFC 2866 section 5.1).
                isNew: _file?.Recovered.Any() != true));
        }

        Sessions = new SessionTable(
            desk, _accounting ?? (IAccountant)new NoAccountant(), ids, settings.Sessions, Statistics, time, _file);
        Sessions.Restore(plans);
        if (settings.Authentication is { } authentication)
        {
            _authentication = new RadiusClient(authentication, settings.Nas, Statistics, time);
            _access = new AccessDesk(
                _authentication, settings.Nas, Sessions, desk, plans, settings.Access, Statistics, time);
        }

        if (settings.DynamicListen is { } at)
        {
            var responder = new DynamicResponder(
                settings.Dynamic, settings.Nas, Sessions, plans, Statistics, time);
            _dynamic = Opened("radius.dynamic-authorization", () => new DatagramService(at, responder.Respond));
        }

        if (settings.LearningListen is { } learnAt)
        {
            Learner = new AccountingLearner(
                settings.LearningClients, settings.MaskBits, settings.LearntMax, desk, plans, Statistics);
            _learning = Opened("radius.learning", () => new DatagramService(learnAt, Learner.Respond));
        }

        _sweeping = Task.Run(SweepAsync);
    }

    /// <summary>What was done.</summary>
    public RadiusStatistics Statistics { get; } = new();

    /// <summary>The sessions.</summary>
    public SessionTable Sessions { get; }

    /// <summary>What was learnt of other gateways' accounting, or null.</summary>
    public AccountingLearner? Learner { get; }

    /// <summary>Where changes are taken, or null.</summary>
    public IPEndPoint? DynamicEndPoint => _dynamic?.EndPoint;

    /// <summary>Where other gateways' accounting is taken, or null.</summary>
    public IPEndPoint? LearningEndPoint => _learning?.EndPoint;

    /// <summary>Requests on their way to authentication servers.</summary>
    public int Outstanding => _authentication?.Outstanding ?? 0;

    /// <summary>Authentication servers that are not known to be dead.</summary>
    public int AuthenticationServersAlive => _authentication?.ServersAlive ?? 0;

    /// <summary>Accounting servers that are not known to be dead.</summary>
    public int AccountingServersAlive => _accountingClient?.ServersAlive ?? 0;

    /// <summary>Subscribers that wait for an answer.</summary>
    public int SubscribersWaiting => _access?.Waiting ?? 0;

    /// <summary>Accounting records that wait to be acknowledged.</summary>
    public int RecordsWaiting => _accounting?.Waiting ?? 0;

    /// <summary>A subscriber's first packet has come: the desk is told soon what to do with it. Returns at once.
    /// </summary>
    /// <param name="who">The subscriber.</param>
    public void FirstPacket(SubscriberIdentity who) => _access?.Submit(who);

    /// <summary>Ports were given to a subscriber, or taken back.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="range">Which ports.</param>
    public void PortsChanged(SubscriberId who, IpPortRange range) => Sessions.PortsChanged(who, range);

    /// <summary>The subscriber has left, as the gateway itself has found.</summary>
    /// <param name="who">The subscriber.</param>
    public void Left(SubscriberId who)
    {
        // Nothing is left of it, or of somebody who came after it: there is nothing to take back.
        Sessions.End(who, TerminateCause.NasRequest, disconnects: false);
        _access?.Forget(who);
    }

    /// <summary>A subscriber is served by the configuration's word: its session is recorded, where sessions are.
    /// </summary>
    /// <param name="who">The subscriber.</param>
    public void Served(SubscriberIdentity who)
    {
        if (_accounting is not null)
            Sessions.Note(who);
    }

    /// <summary>A planned end: all sessions are recorded as ended, with what they have used, and accounting servers are
    /// told that the gateway goes. Nothing is taken from any subscriber.</summary>
    public async Task CloseAsync()
    {
        Sessions.Close();
        if (_accounting is not null)
            await _accounting.CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
        foreach (IAsyncDisposable? part in new List<IAsyncDisposable?>
            { _dynamic, _learning, _access, _accounting, _authentication, _accountingClient })
        {
            if (part is not null)
                await part.DisposeAsync().ConfigureAwait(false);
        }

        _file?.Dispose();
        _end.Dispose();
    }

    private static T Opened<T>(string key, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception error) when (error is SocketException or UnauthorizedAccessException or System.IO.IOException)
        {
            throw new SystemRefusedException($"{key} can't be served: {error.Message}", error);
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_sweepInterval, _time, _end.Token).ConfigureAwait(false);
                foreach (SubscriberIdentity who in Sessions.Sweep())
                    _access?.Submit(who);
                _access?.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
