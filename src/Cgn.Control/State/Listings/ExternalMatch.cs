using System;
using System.Globalization;

using Cgn.Wire;

namespace Cgn.Control.State.Listings;

/// <summary>An external address, and perhaps a port, to look for.</summary>
/// <param name="Address">The address, host order.</param>
/// <param name="Port">The port; null for all of the address.</param>
public readonly record struct ExternalMatch(uint Address, ushort? Port)
{
    /// <summary>Reads <c>203.0.113.5</c> or <c>203.0.113.5:1024</c>.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="match">What it names.</param>
    /// <returns>False when it is neither.</returns>
    public static bool TryParse(string text, out ExternalMatch match)
    {
        match = default;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string address = colon < 0 ? text : text[..colon];
        ushort port = 0;
        if (!Ipv4Address.TryParse(address, out Ipv4Address parsed)
            || (colon >= 0 && !ushort.TryParse(
                text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)))
            return false;
        match = new ExternalMatch(parsed.Value, colon < 0 ? null : port);
        return true;
    }

    /// <summary>It has a port in common with a range of ports of an address.</summary>
    /// <param name="address">The address, host order.</param>
    /// <param name="first">First port of the range.</param>
    /// <param name="last">Last port of the range.</param>
    public bool Meets(uint address, ushort first, ushort last) =>
        address == Address && (Port is not { } port || (port >= first && port <= last));
}
