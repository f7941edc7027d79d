using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Client;

/// <summary>One server: its sockets, and whether it is there.</summary>
internal sealed class RadiusServerLink : IDisposable
{
    private readonly RadiusClientSettings _settings;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly List<RadiusSocket> _sockets = [];
    private readonly Lock _gate = new();
    private bool _isEnded;

    /// <summary>Makes a link; it opens no port before there is a request.</summary>
    public RadiusServerLink(
        RadiusServerSettings server, RadiusClientSettings settings, RadiusStatistics statistics, TimeProvider time)
    {
        Server = server;
        _settings = settings;
        _statistics = statistics;
        _time = time;
        Health = new ServerHealth(settings.RetryDeadAfter);
    }

    /// <summary>The server.</summary>
    public RadiusServerSettings Server { get; }

    /// <summary>Whether it is there.</summary>
    public ServerHealth Health { get; }

    /// <summary>Sends a request, and again, until a reply comes or the time is over.</summary>
    /// <param name="build">Writes the request.</param>
    /// <param name="transmissions">How often it is sent at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The reply, or null.</returns>
    public async Task<RadiusPacket?> ExchangeAsync(
        BuildRequest build, int transmissions, CancellationToken cancellation)
    {
        if (Reserve() is not { } pending)
        {
            _statistics.Count(RadiusCounter.OutstandingFull);
            return null;
        }

        DateTimeOffset start = _time.GetUtcNow();
        try
        {
            pending.Arm(build(pending.Identifier, Server.Secret));
            var schedule = new RetransmitSchedule(_settings.Retransmit, Random.Shared);
            for (int sent = 0; sent < transmissions; sent++)
            {
                TimeSpan left = start + _settings.Retransmit.Duration - _time.GetUtcNow();
                if (left <= TimeSpan.Zero)
                    break;
                _statistics.Count(sent == 0 ? RadiusCounter.RequestsSent : RadiusCounter.Retransmissions);
                pending.Send();
                TimeSpan wait = schedule.Next();
                if (await pending.WaitAsync(wait < left ? wait : left, _time, cancellation).ConfigureAwait(false))
                    return pending.Reply;
            }
        }
        finally
        {
            pending.Release();
        }

        _statistics.Count(RadiusCounter.Timeouts);
        if (Health.Failed(start, _time.GetUtcNow()))
            _statistics.Count(RadiusCounter.ServersLost);
        return null;
    }

    /// <summary>Asks a server whether it is there, once (RFC 5997 §2.1).</summary>
    /// <param name="build">Writes a Status-Server packet.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ProbeAsync(BuildRequest build, CancellationToken cancellation)
    {
        if (Reserve() is not { } pending)
            return;
        try
        {
            pending.Arm(build(pending.Identifier, Server.Secret));
            _statistics.Count(RadiusCounter.Probes);
            pending.Send();
            await pending.WaitAsync(_settings.Retransmit.Initial, _time, cancellation).ConfigureAwait(false);
        }
        finally
        {
            pending.Release();
        }
    }

    /// <summary>Closes its ports.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            _sockets.ForEach(static socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    private PendingReply? Reserve()
    {
        lock (_gate)
        {
            foreach (RadiusSocket socket in _sockets)
            {
                if (socket.Reserve() is { } pending)
                    return pending;
            }

            if (_isEnded || _sockets.Count * RadiusSocket.Identifiers >= _settings.OutstandingMax)
                return null;
            var another = new RadiusSocket(Server, _statistics, Heard);
            _sockets.Add(another);
            return another.Reserve();
        }
    }

    private void Heard()
    {
        if (Health.Answered(_time.GetUtcNow()))
            _statistics.Count(RadiusCounter.ServersFound);
    }
}
