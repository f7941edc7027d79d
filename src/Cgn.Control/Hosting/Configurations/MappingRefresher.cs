using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Takes what sessions hold in static mappings to the forwarder. Each time it takes a whole configuration, so what many
/// logins change goes together: the first change soon, those that follow close on it in one.
/// </summary>
internal sealed class MappingRefresher : BackgroundService
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(10);

    private readonly SessionMappings _held;
    private readonly ConfigurationDesk _desk;
    private readonly OperatorLog _log;
    private readonly SemaphoreSlim _changed = new(0);

    /// <summary>Listens from now on.</summary>
    public MappingRefresher(RuntimeMappings mappings, ConfigurationDesk desk, OperatorLog log)
    {
        _held = mappings.Sessions;
        _desk = desk;
        _log = log;
        _held.Changed = Wake;
    }

    /// <summary>How long a first change waits for others.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between the end of one refresh and the beginning of the next, at least.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _held.Changed = null;
        base.Dispose();
        _changed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(Gather, stoppingToken).ConfigureAwait(false);
                // What comes from here on is for the next time.
                while (_changed.Wait(0, CancellationToken.None))
                {
                }

                await RefreshAsync(stoppingToken).ConfigureAwait(false);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task RefreshAsync(CancellationToken stopping)
    {
        while (true)
        {
            IReadOnlyList<string> obstacles = await _desk.RefreshAsync(stopping).ConfigureAwait(false);
            if (obstacles.Count == 0)
                return;
            _log.Warn("radius: static mappings of sessions are not in force yet: " + string.Join("; ", obstacles)
                + $"; the next attempt is in {s_again.TotalSeconds:0} s");
            await Task.Delay(s_again, stopping).ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        if (_changed.CurrentCount == 0)
            _changed.Release();
    }
}
