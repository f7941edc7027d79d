using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Accounting;

/// <summary>Makes records and sends them until they are acknowledged.</summary>
internal sealed class AccountingDesk : IAccountant, IAsyncDisposable
{
    private static readonly TimeSpan s_drainStep = TimeSpan.FromMilliseconds(20);

    private readonly RadiusClient _client;
    private readonly AccountingRecord _record;
    private readonly AccountingSettings _settings;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly AccountingQueue _queue;
    private readonly string _gatewaySession;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _work = new(0);
    private readonly Task _running;
    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset _pauseEnds;

    /// <summary>Takes up what waited, and tells servers that the gateway has begun, if it has.</summary>
    /// <exception cref="System.IO.IOException">The file of waiting records can't be used.</exception>
    public AccountingDesk(
        RadiusClient client, NasIdentity nas, SessionIds ids, AccountingSettings settings,
        RadiusStatistics statistics, TimeProvider time, bool isNew = true)
    {
        _client = client;
        _record = new AccountingRecord(nas);
        _settings = settings;
        _statistics = statistics;
        _time = time;
        _gatewaySession = ids.Next();
        _queue = new AccountingQueue(
            settings.QueueMax, AccountingRecord.RangeBytesMax,
            settings.SpoolFile is { } path ? new AccountingSpool(path) : null, statistics);
        _slots = new SemaphoreSlim(settings.Concurrency);
        if (isNew)
        {
            DateTimeOffset now = _time.GetUtcNow();
            byte[] on = _record.OfGateway(_gatewaySession, AccountingStatus.On, now);
            Add(_gatewaySession, AccountingStatus.On, on, [], now);
        }

        _running = Task.Run(RunAsync);
    }

    /// <summary>Records that are not acknowledged yet.</summary>
    public int Waiting => _queue.Count;

    /// <inheritdoc/>
    public void Start(RadiusSession session) => Tell(session, AccountingStatus.Start, null, null);

    /// <inheritdoc/>
    public void Interim(RadiusSession session, IpPortRange? range)
    {
        if (range is null || _settings.ReportsPorts)
            Tell(session, AccountingStatus.Interim, null, range);
    }

    /// <inheritdoc/>
    public void Stop(RadiusSession session, TerminateCause cause) =>
        Tell(session, AccountingStatus.Stop, cause, null);

    /// <summary>Tells servers that the gateway ends, as planned, and gives them a moment to acknowledge what waits; the
    /// rest stays in the file.</summary>
    public async Task CloseAsync()
    {
        DateTimeOffset now = _time.GetUtcNow();
        byte[] attributes = _record.OfGateway(_gatewaySession, AccountingStatus.Off, now);
        Add(_gatewaySession, AccountingStatus.Off, attributes, [], now);
        while (_queue.Count > 0 && _time.GetUtcNow() - now < _settings.DrainTime)
            await Task.Delay(s_drainStep, _time).ConfigureAwait(false);
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _queue.Dispose();
        _end.Dispose();
    }

    private void Tell(RadiusSession session, AccountingStatus status, TerminateCause? cause, IpPortRange? range)
    {
        DateTimeOffset now = _time.GetUtcNow();
        byte[] attributes = _record.OfSession(session, status, cause, now);
        Add(session.Id, status, attributes, range is null ? [] : AccountingRecord.OfRange(range), now);
    }

    private void Add(string session, AccountingStatus status, byte[] attributes, byte[] ranges, DateTimeOffset now)
    {
        if (!_queue.TryAdd(session, status, now.ToUnixTimeSeconds(), attributes, ranges))
            return;
        _statistics.Count(RadiusCounter.RecordsMade);
        Wake();
    }

    // One call that waits is enough: whoever is woken looks for everything there is.
    private void Wake()
    {
        if (_work.CurrentCount == 0)
            _work.Release();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_end.Token).ConfigureAwait(false);
                AccountingEntry? next;
                while ((next = _queue.Take()) is null)
                    await _work.WaitAsync(_end.Token).ConfigureAwait(false);
                _ = SendAsync(next);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }

        // The slot that was waited with may be missing; all others come back.
        for (int i = 1; i < _settings.Concurrency; i++)
            await _slots.WaitAsync().ConfigureAwait(false);
    }

    private async Task SendAsync(AccountingEntry entry)
    {
        try
        {
            bool isDone = await _client.SendAsync(
                (identifier, secret) => AccountingRecord.Packet(entry, _time.GetUtcNow(), identifier, secret),
                _end.Token).ConfigureAwait(false) is not null;
            if (isDone)
            {
                lock (_gate)
                    _failures = 0;
                _queue.Done(entry);
                _statistics.Count(RadiusCounter.RecordsDelivered);
            }
            else
            {
                await Task.Delay(Wait(), _time, _end.Token).ConfigureAwait(false);
                _queue.Return(entry);
            }
        }
        catch (OperationCanceledException)
        {
            _queue.Return(entry);
        }
        finally
        {
            _slots.Release();
            Wake();
        }
    }

    // All records that fail in one pause count as one failure.
    private TimeSpan Wait()
    {
        const int DoublingsMax = 16;
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (now >= _pauseEnds)
            {
                TimeSpan wait = _settings.BackOff * Math.Pow(2, Math.Min(_failures++, DoublingsMax));
                _pauseEnds = now + (wait < _settings.BackOffMax ? wait : _settings.BackOffMax);
            }

            return _pauseEnds - now;
        }
    }
}
