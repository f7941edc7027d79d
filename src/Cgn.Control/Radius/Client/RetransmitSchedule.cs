using System;

namespace Cgn.Control.Radius.Client;

/// <summary>
/// The waits of one request: each twice the one before, up to the maximum, all with a tenth of jitter, so that many
/// gateways do not keep in step (RFC 5080 §2.2.1).
/// </summary>
/// <param name="settings">How long.</param>
/// <param name="chance">Draws the jitter.</param>
internal sealed class RetransmitSchedule(RetransmitSettings settings, Random chance)
{
    private const double Jitter = 0.1;

    private TimeSpan _last;

    /// <summary>The wait after the next transmission.</summary>
    public TimeSpan Next()
    {
        double jitter = ((chance.NextDouble() * 2) - 1) * Jitter;
        TimeSpan next = _last == TimeSpan.Zero ? settings.Initial * (1 + jitter) : _last * (2 + jitter);
        if (next > settings.Maximum)
            next = settings.Maximum * (1 + jitter);
        return _last = next;
    }
}
