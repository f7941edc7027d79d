using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Contract.Pools;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Static mappings that a subscriber holds for as long as its session does (RFC 8045 section 3.1.3). In memory alone:
/// what is kept is the session. One that does not fit the configuration any more is out of force until it does again.
/// Used by any thread.
/// </summary>
/// <param name="kept">Those that the API has made, which go before.</param>
internal sealed class SessionMappings(Func<IReadOnlyList<StaticMappingSection>> kept)
{
    /// <summary>Mappings that are held at most.</summary>
    public const int Max = 65_536;

    private readonly Dictionary<SubscriberId, IReadOnlyList<StaticMappingSection>> _held = [];
    private readonly Lock _gate = new();
    private (IReadOnlyList<StaticMappingSection> Kept, MappingFit Fit)? _fit;
    private StaticMappingSection[]? _entries;
    private int _count;

    /// <summary>Called after each change of what is held, by whoever makes it; returns at once.</summary>
    public Action? Changed { get; set; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<StaticMappingSection> Entries
    {
        get
        {
            lock (_gate)
                return _entries ??= [.. _held.Values.SelectMany(static one => one)];
        }
    }

    /// <summary>Why a change can't be made; null when it can.</summary>
    /// <param name="options">The configuration in force.</param>
    /// <param name="changes">What the subscribers are to hold.</param>
    public MappingRefusal? Refusal(GatewayOptions options, IReadOnlyList<HeldMappings> changes)
    {
        lock (_gate)
        {
            HeldMappings[] real = Real(changes);
            if (real.Length == 0)
                return null;
            MappingFit fit = Fit(options);
            MappingRefusal? refusal = Exchange(fit, real);
            if (refusal is null)
                Restore(fit, real, real.Length);
            return refusal;
        }
    }

    /// <summary>Makes a change, whole or not at all.</summary>
    /// <param name="options">The configuration in force.</param>
    /// <param name="changes">What the subscribers are to hold, one entry a subscriber.</param>
    /// <returns>Why it can't be made, and nothing has changed; null when it is.</returns>
    public MappingRefusal? TryPut(GatewayOptions options, IReadOnlyList<HeldMappings> changes)
    {
        lock (_gate)
        {
            HeldMappings[] real = Real(changes);
            if (real.Length == 0)
                return null;
            if (Exchange(Fit(options), real) is { } refusal)
                return refusal;
            foreach (HeldMappings one in real)
                Hold(one);
        }

        Changed?.Invoke();
        return null;
    }

    /// <summary>Takes up what a session held before this process began, whether or not it still fits.</summary>
    public void Resume(HeldMappings held)
    {
        lock (_gate)
        {
            Hold(held);
            _fit = null;
        }
    }

    /// <summary>A subscriber holds none any more.</summary>
    public void Remove(SubscriberId who)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(who, out IReadOnlyList<StaticMappingSection>? mappings))
                return;
            foreach (StaticMappingSection one in mappings)
                _fit?.Fit.Release(one);
            Hold(new HeldMappings(who, []));
        }

        Changed?.Invoke();
    }

    /// <summary>The external address that a subscriber has by computation; 0 where none is computed.</summary>
    public uint ComputedAddress(GatewayOptions options, SubscriberId who)
    {
        lock (_gate)
        {
            return Fit(options).Plan is { } plan && plan.TryFind(who.Kind, who.High, who.Low, out PortSet set)
                ? set.Address : 0;
        }
    }

    private HeldMappings[] Real(IReadOnlyList<HeldMappings> changes) =>
        [.. changes.Where(one => !IsSame(Of(one.Who), one.Mappings))];

    private static bool IsSame(IReadOnlyList<StaticMappingSection> one, IReadOnlyList<StaticMappingSection> other) =>
        one.Count == other.Count && one.Zip(other).All(static pair => pair.First.IsSameAs(pair.Second));

    // Who holds what is looked up, not worked out anew for each login: made again where the configuration or what the
    // API has made is another.
    private MappingFit Fit(GatewayOptions options)
    {
        IReadOnlyList<StaticMappingSection> before = kept();
        if (_fit is { } known && ReferenceEquals(known.Kept, before) && ReferenceEquals(known.Fit.Options, options))
            return known.Fit;
        MappingFit fit = new(options);
        foreach (StaticMappingSection one in before)
            fit.Claim(one);
        foreach (StaticMappingSection one in _held.Values.SelectMany(static one => one))
            fit.Claim(one);
        _fit = (before, fit);
        return fit;
    }

    private IReadOnlyList<StaticMappingSection> Of(SubscriberId who) => _held.GetValueOrDefault(who) ?? [];

    // What the subscribers have is taken back first, so that they may keep it or exchange it among themselves.
    private MappingRefusal? Exchange(MappingFit fit, HeldMappings[] changes)
    {
        int count = _count;
        foreach (HeldMappings change in changes)
        {
            foreach (StaticMappingSection one in Of(change.Who))
                fit.Release(one);
            count += change.Mappings.Count - Of(change.Who).Count;
        }

        MappingRefusal? refusal = count > Max
            ? new MappingRefusal(true, $"sessions hold {_count} static mappings already, and {Max} at most")
            : null;
        int done = 0;
        for (; refusal is null && done < changes.Length; done++)
        {
            foreach (StaticMappingSection one in changes[done].Mappings)
            {
                if (fit.Fault(one) is { } fault)
                    refusal ??= new MappingRefusal(false, fault);
                else if (fit.Take(one) is { } taken)
                    refusal ??= new MappingRefusal(true, taken);
            }
        }

        if (refusal is not null)
            Restore(fit, changes, done);
        return refusal;
    }

    private void Restore(MappingFit fit, HeldMappings[] changes, int done)
    {
        foreach (StaticMappingSection one in changes.Take(done).SelectMany(static change => change.Mappings))
            fit.Release(one);
        foreach (StaticMappingSection one in changes.SelectMany(change => Of(change.Who)))
            fit.Claim(one);
    }

    private void Hold(HeldMappings held)
    {
        _count += held.Mappings.Count - Of(held.Who).Count;
        if (held.Mappings.Count == 0)
            _held.Remove(held.Who);
        else
            _held[held.Who] = held.Mappings;
        _entries = null;
    }
}
