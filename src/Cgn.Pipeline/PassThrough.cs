using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;

namespace Cgn.Pipeline;

/// <summary>
/// What is forwarded untranslated (RFC 6888 REQ-6, RFC 8512 nat-pass-through, RFC 6333 section 11), and to whom what
/// comes back is delivered: a NAT444 customer by its own address, an address behind a softwire by its static binding.
/// </summary>
public sealed class PassThrough
{
    private readonly PassThroughRule[] _rules;
    private readonly PassThroughBinding[] _bindings;
    private readonly uint[] _lasts;
    private readonly Ipv4PrefixSetting[] _customers;
    private readonly ulong _maskHigh;
    private readonly ulong _maskLow;

    internal PassThrough(ConfigSnapshot snapshot, ulong maskHigh, ulong maskLow)
    {
        _rules = snapshot.PassThrough;
        _customers = snapshot.Nat444Sources;
        _maskHigh = maskHigh;
        _maskLow = maskLow;
        _bindings = (PassThroughBinding[])snapshot.PassThroughBindings.Clone();
        Array.Sort(_bindings, static (left, right) => left.Addresses.Address.CompareTo(right.Addresses.Address));
        _lasts = Array.ConvertAll(
            _bindings,
            static one => one.Addresses.Address + (uint)((1UL << (32 - one.Addresses.Length)) - 1));
    }

    /// <summary>Something is forwarded untranslated.</summary>
    public bool IsOn => _rules.Length != 0;

    /// <summary>A remote endpoint that is spoken to untranslated.</summary>
    /// <param name="remote">Its address.</param>
    /// <param name="protocol">Transport protocol.</param>
    /// <param name="port">Its port; whatever else for protocols without ports.</param>
    public bool Matches(uint remote, byte protocol, ushort port)
    {
        foreach (ref readonly PassThroughRule rule in _rules.AsSpan())
        {
            if (rule.Destination.Contains(remote) && (rule.Protocol == 0 || rule.Protocol == protocol)
                && (rule.Port == 0 || rule.Port == port))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whose an address is that shows outside as it is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="key">The subscriber.</param>
    /// <param name="b4High">Upper half of the B4's address; 0 for a NAT444 customer.</param>
    /// <param name="b4Low">Lower half; for a NAT444 customer its address.</param>
    /// <returns>False when it is nobody's.</returns>
    public bool TryFind(uint address, out SubscriberKey key, out ulong b4High, out ulong b4Low)
    {
        int binding = BindingOf(address);
        if (binding >= 0)
        {
            b4High = _bindings[binding].B4High;
            b4Low = _bindings[binding].B4Low;
            key = new SubscriberKey(b4High & _maskHigh, b4Low & _maskLow, SubscriberKind.DsLite);
            return true;
        }

        b4High = 0;
        b4Low = address;
        key = new SubscriberKey(0, address, SubscriberKind.Nat444);
        foreach (ref readonly Ipv4PrefixSetting prefix in _customers.AsSpan())
        {
            if (prefix.Contains(address))
                return IsOn;
        }

        return false;
    }

    /// <summary>An address is bound to a B4, and so authorised in its softwire (RFC 6333 section 11).</summary>
    /// <param name="address">Inner source.</param>
    /// <param name="key">The softwire's subscriber.</param>
    /// <returns>Null when it is bound to nobody.</returns>
    public bool? IsBoundTo(uint address, in SubscriberKey key)
    {
        int binding = BindingOf(address);
        if (binding < 0)
            return null;
        return (_bindings[binding].B4High & _maskHigh) == key.High && (_bindings[binding].B4Low & _maskLow) == key.Low;
    }

    private int BindingOf(uint address)
    {
        if (_bindings.Length == 0)
            return -1;
        int at = _lasts.AsSpan().BinarySearch(address);
        at = at < 0 ? ~at : at;
        return at < _bindings.Length && _bindings[at].Addresses.Contains(address) ? at : -1;
    }
}
