using System;

using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>
/// A server or a place to listen: address or name, and port. IPv6 addresses stand in brackets (RFC 3986 section
/// 3.2.2).
/// </summary>
/// <param name="Host">Address or name, without brackets.</param>
/// <param name="Port">Port, 1 to 65,535.</param>
public readonly record struct HostPort(string Host, ushort Port) : IConfigValue<HostPort>
{
    /// <inheritdoc/>
    public static string Pattern => @"^(\[[0-9a-fA-F:.]+\]|[^\s:\[\]]+):[0-9]{1,5}$";

    /// <inheritdoc/>
    public static string Example => "127.0.0.1:9464";

    /// <inheritdoc/>
    public static bool TryParse(string text, out HostPort value, out string fault)
    {
        value = default;
        fault = "";
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !PortRange.TryPort(text[(colon + 1)..], out ushort port))
        {
            fault = $"'{text}' is not an address and a port of 1 to 65535; {Example} or [2001:db8::1]:9464 would be";
            return false;
        }

        string host = text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed)
            host = host[1..^1];
        if (bracketed ? !Ipv6Address.TryParse(host, out _) : host.Contains(':', StringComparison.Ordinal))
            fault = $"'{text}' does not hold an IPv6 address in brackets; [2001:db8::1]:{port} would be";
        else if (!bracketed && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            fault = $"'{host}' in '{text}' is neither an address nor a name of a host; {Example} would be";
        else
            value = new HostPort(host, port);
        return fault.Length == 0;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
