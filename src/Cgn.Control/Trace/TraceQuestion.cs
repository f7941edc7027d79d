using System;

using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Trace;

/// <summary>What is asked: who held an address and port, or what a subscriber held, at a time (RFC 6302).</summary>
/// <param name="Address">External address, or null to ask about a subscriber.</param>
/// <param name="Port">External port or query identifier.</param>
/// <param name="Protocol">Transport protocol, 0 for any; static mappings alone differ by it.</param>
/// <param name="Subscriber">Whose ports are asked for, or null.</param>
/// <param name="At">When.</param>
/// <param name="Skew">How far the asker's clock may be off, either way.</param>
public sealed record TraceQuestion(
    Ipv4Address? Address, ushort Port, byte Protocol, SubscriberMatch? Subscriber, DateTimeOffset At, TimeSpan Skew)
{
    internal string First => UtcText.Of(At - Skew);

    internal string Last => UtcText.Of(At + Skew);

    /// <summary>What was held from one time until another, as logs write them, meets the time that is asked.</summary>
    internal bool Meets(string? from, string? to) =>
        (from is null || string.CompareOrdinal(from, Last) <= 0)
        && (to is null || string.CompareOrdinal(to, First) >= 0);

    internal bool IsAbout(string address, int first, int last) =>
        Address is null || (Address.Value.ToString() == address && first <= Port && Port <= last);

    internal bool IsAbout(string subscriber)
    {
        if (Subscriber is not { } asked)
            return true;
        // The address of a B4 asks for its subscriber's prefix, and a prefix for all in it.
        return SubscriberMatch.TryParse(subscriber, out SubscriberMatch held, out _)
            && (asked.Setting.Contains(held.Setting.High, held.Setting.Low)
                || held.Setting.Contains(asked.Setting.High, asked.Setting.Low));
    }
}
