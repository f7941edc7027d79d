using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Client;

/// <summary>Sends requests to the first server that answers.</summary>
internal sealed class RadiusClient : IAsyncDisposable
{
    private readonly RadiusClientSettings _settings;
    private readonly NasIdentity _nas;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly RadiusServerLink[] _links;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _probing;
    private int _outstanding;

    /// <summary>Makes a client and begins to watch its servers.</summary>
    public RadiusClient(
        RadiusClientSettings settings, NasIdentity nas, RadiusStatistics statistics, TimeProvider time)
    {
        _settings = settings;
        _nas = nas;
        _statistics = statistics;
        _time = time;
        _links = [.. settings.Servers.Select(one => new RadiusServerLink(one, settings, statistics, time))];
        _probing = Task.Run(ProbeAsync);
    }

    /// <summary>Requests that wait for a reply.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Servers that are not known to be dead.</summary>
    public int ServersAlive => _links.Count(static link => !link.Health.IsDead);

    /// <summary>Sends a request: to the preferred server, and when it is silent to the next one, written anew for it.
    /// </summary>
    /// <param name="build">Writes the request.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The reply, or null when none of them answered.</returns>
    public async Task<RadiusPacket?> SendAsync(BuildRequest build, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _outstanding) > _settings.OutstandingMax)
        {
            Interlocked.Decrement(ref _outstanding);
            _statistics.Count(RadiusCounter.OutstandingFull);
            return null;
        }

        try
        {
            return await SendInTurnAsync(build, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    /// <summary>Ends it: requests that wait are given up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(false);
        foreach (RadiusServerLink link in _links)
            link.Dispose();
        _end.Dispose();
    }

    private async Task<RadiusPacket?> SendInTurnAsync(BuildRequest build, CancellationToken cancellation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        RadiusServerLink[] usable = [.. _links.Where(link => link.Health.IsUsable(now))];
        if (usable.Length == 0)
            _statistics.Count(RadiusCounter.NoServer);
        for (int i = 0; i < usable.Length; i++)
        {
            if (i > 0)
                _statistics.Count(RadiusCounter.Failovers);
            int transmissions = i == usable.Length - 1
                ? _settings.Retransmit.Count
                : Math.Min(_settings.FailoverAfter, _settings.Retransmit.Count);
            if (await usable[i].ExchangeAsync(build, transmissions, cancellation).ConfigureAwait(false) is { } reply)
                return reply;
        }

        return null;
    }

    private async Task ProbeAsync()
    {
        try
        {
            while (true)
            {
                // Jitter, so that not all gateways ask a server that comes back at once.
                double factor = 0.9 + (Random.Shared.NextDouble() * 0.2);
                await Task.Delay(_settings.ProbeInterval * factor, _time, _end.Token).ConfigureAwait(false);
                IEnumerable<RadiusServerLink> dead =
                    _links.Where(static link => link.Server.AnswersStatus && link.Health.IsDead);
                await Task.WhenAll(dead.Select(link => link.ProbeAsync(_nas.Status, _end.Token)))
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
