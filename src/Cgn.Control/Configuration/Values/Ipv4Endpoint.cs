using System;

using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv4 address and a port: <c>192.168.1.10:443</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port or query identifier, 1 to 65,535.</param>
public readonly record struct Ipv4Endpoint(Ipv4Address Address, ushort Port) : IConfigValue<Ipv4Endpoint>
{
    /// <inheritdoc/>
    public static string Pattern => @"^[0-9]+(\.[0-9]+){3}:[0-9]{1,5}$";

    /// <inheritdoc/>
    public static string Example => "192.168.1.10:443";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Ipv4Endpoint value, out string fault)
    {
        value = default;
        fault = "";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !Ipv4Address.TryParse(text.AsSpan(0, colon), out Ipv4Address address)
            || !PortRange.TryPort(text[(colon + 1)..], out ushort port))
            fault = $"'{text}' is not an IPv4 address and a port of 1 to 65535; {Example} would be";
        else
            value = new Ipv4Endpoint(address, port);
        return fault.Length == 0;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => $"{Address}:{Port}";
}
