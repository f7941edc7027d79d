using System;
using System.Threading;

namespace Cgn.Control.Api;

/// <summary>What the API counts of itself.</summary>
internal sealed class ApiStatistics
{
    private const int ClassOfStatus = 100;

    private readonly long[] _requests = new long[Methods.Length * Statuses.Length];
    private long _missed;
    private int _followers;

    /// <summary>Methods that are counted apart; the last one stands for all others.</summary>
    public static string[] Methods { get; } = ["get", "post", "put", "delete", "other"];

    /// <summary>Classes of status; the last one stands for requests that were given up unanswered.</summary>
    public static string[] Statuses { get; } = ["2xx", "3xx", "4xx", "5xx", "none"];

    /// <summary>Events that clients were told they had missed.</summary>
    public long EventsMissed => Interlocked.Read(ref _missed);

    /// <summary>Clients that follow the events now.</summary>
    public int Followers => Volatile.Read(ref _followers);

    /// <summary>Requests that were dealt with.</summary>
    /// <param name="method">Place in <see cref="Methods"/>.</param>
    /// <param name="status">Place in <see cref="Statuses"/>.</param>
    public long Requests(int method, int status) =>
        Interlocked.Read(ref _requests[(method * Statuses.Length) + status]);

    /// <summary>A request was dealt with.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="status">Status of the answer; 0 for none.</param>
    public void Count(string method, int status)
    {
        int row = Array.FindIndex(Methods, one => one.Equals(method, StringComparison.OrdinalIgnoreCase));
        int column = (status / ClassOfStatus) - 2;
        if (row < 0)
            row = Methods.Length - 1;
        if ((uint)column >= Statuses.Length)
            column = Statuses.Length - 1;
        Interlocked.Increment(ref _requests[(row * Statuses.Length) + column]);
    }

    /// <summary>A client was told that it had missed events.</summary>
    public void Missed(long events) => Interlocked.Add(ref _missed, events);

    /// <summary>A client follows the events from now on.</summary>
    /// <returns>How many do.</returns>
    public int Follow() => Interlocked.Increment(ref _followers);

    /// <summary>It follows them no longer.</summary>
    public void Unfollow() => Interlocked.Decrement(ref _followers);
}
