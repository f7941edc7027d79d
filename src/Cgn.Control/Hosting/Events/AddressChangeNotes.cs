using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// The lines about B4s whose addresses change sooner than is allowed (RFC 8513
/// b4-address-change-limit-policy-violation, RFC 7785 section 4.3): of one subscriber, one in an interval.
/// </summary>
internal sealed class AddressChangeNotes
{
    // Whoever makes up prefixes does not fill the memory.
    private const int SubscribersMax = 4096;

    private readonly Dictionary<(ulong High, ulong Low), long> _toldAtMs = [];

    /// <summary>The line that an event is worth, or null.</summary>
    /// <param name="told">Any event.</param>
    /// <param name="desk">The configuration in force.</param>
    public string? Of(in ForwarderEvent told, ConfigurationDesk desk)
    {
        if (told.Kind != EventKind.LimitHit || told.Reason != DropReason.B4AddressChange)
            return null;
        (ulong High, ulong Low) key = (told.SubscriberHigh, told.SubscriberLow);
        long interval = desk.Options.Thresholds.SubscriberNotifyInterval.Ms;
        if (_toldAtMs.TryGetValue(key, out long last) && told.UnixMs - last < interval)
            return null;
        if (_toldAtMs.Count >= SubscribersMax)
            _toldAtMs.Clear();
        _toldAtMs[key] = told.UnixMs;
        string subscriber = SubscriberText.Name(
            told.SubscriberKind, key.High, key.Low, desk.Snapshot.Settings.SubscriberMaskV6);
        return $"subscriber {subscriber} has changed its B4's address sooner than ds-lite.b4-address-change-limit "
            + "allows; its packets from there are dropped";
    }
}
