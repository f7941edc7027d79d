using System;
using System.Collections.Generic;
using System.Net;
using System.Threading;

namespace Cgn.Control.Api.Security;

/// <summary>
/// Counts failed attempts to say who one is, by address, and closes for a while to an address with too many. It
/// remembers a bounded number of addresses; when it is full it forgets them all.
/// </summary>
internal sealed class FailureGate(TimeProvider time)
{
    private const int AddressesMax = 4096;
    private readonly Dictionary<IPAddress, (int Failures, long Since)> _of = [];
    private readonly Lock _lock = new();
    private long _total;

    /// <summary>Failed attempts of one address before it has to wait.</summary>
    public int FailuresMax { get; init; } = 10;

    /// <summary>How long attempts are remembered, and how long an address waits.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Failed attempts so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Whether an address has to wait, and how many seconds.</summary>
    public bool IsClosed(IPAddress address, out int seconds)
    {
        lock (_lock)
        {
            seconds = 0;
            if (!_of.TryGetValue(address, out (int Failures, long Since) seen) || seen.Failures < FailuresMax)
                return false;
            TimeSpan left = Window - time.GetElapsedTime(seen.Since);
            if (left <= TimeSpan.Zero)
            {
                _of.Remove(address);
                return false;
            }

            seconds = (int)Math.Ceiling(left.TotalSeconds);
            return true;
        }
    }

    /// <summary>Counts a failed attempt.</summary>
    public void Fail(IPAddress address)
    {
        Interlocked.Increment(ref _total);
        lock (_lock)
        {
            if (_of.Count >= AddressesMax && !_of.ContainsKey(address))
                _of.Clear();
            bool isNew = !_of.TryGetValue(address, out (int Failures, long Since) seen)
                || time.GetElapsedTime(seen.Since) > Window;
            _of[address] = isNew ? (1, time.GetTimestamp()) : (seen.Failures + 1, seen.Since);
        }
    }
}
