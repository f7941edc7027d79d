using System;

namespace Cgn.Control.Radius.Sessions;

/// <summary>How sessions are kept.</summary>
internal sealed record SessionSettings
{
    /// <summary>The shortest time between two interim records (RFC 2869 §5.16).</summary>
    public static readonly TimeSpan InterimMin = TimeSpan.FromSeconds(60);

    /// <summary>Between two interim records where neither the operator nor the server has said it.</summary>
    public static readonly TimeSpan InterimDefault = TimeSpan.FromSeconds(600);

    /// <summary>Between two interim records as the operator has said it, which goes before the server's word (RFC 2869
    /// §2.1); null: the server's.</summary>
    public TimeSpan? InterimInterval { get; init; }

    /// <summary>The interval of a session.</summary>
    /// <param name="wish">The server's, or null.</param>
    public TimeSpan Interval(TimeSpan? wish)
    {
        TimeSpan interval = InterimInterval ?? wish ?? InterimDefault;
        return interval < InterimMin ? InterimMin : interval;
    }
}
