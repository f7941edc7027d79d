using System;
using System.Net.Sockets;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Hosting;

/// <summary>Why an address of the configuration can't be listened on, in the operator's terms.</summary>
internal static class ListenFault
{
    /// <summary>Says which key, which address, why, and what would be right.</summary>
    /// <param name="key">The configuration's key.</param>
    /// <param name="listen">Its value.</param>
    /// <param name="error">What the system or the server said.</param>
    internal static SystemRefusedException Of(string key, HostPort listen, Exception error) =>
        new($"{key} {listen} can't be listened on: {Why(listen, error)}", error);

    private static string Why(HostPort listen, Exception error) => Cause(error)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"another program has that port; 'ss -ltnp sport = :{listen.Port}' says which",
        SocketError.AddressNotAvailable =>
            $"this box has no address {listen.Host}; 'ip address' lists those that it has",
        SocketError.AccessDenied =>
            "ports below 1024 take the capability CAP_NET_BIND_SERVICE; a larger one would do without",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"the name {listen.Host} leads to no address; an address of this box would be right",
        SocketError.AddressFamilyNotSupported =>
            $"the kernel does without the family of {listen.Host}; an address of the other one would be right",
        _ => error.Message,
    };

    private static SocketException? Cause(Exception? error)
    {
        while (error is not null and not SocketException)
            error = error.InnerException;
        return error as SocketException;
    }
}
