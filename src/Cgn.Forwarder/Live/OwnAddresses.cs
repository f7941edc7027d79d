using System;
using System.Collections.Generic;
using System.Threading;

namespace Cgn.Forwarder.Live;

/// <summary>
/// The box's own addresses on their way from the kernel's tables to the inside device, which are opened side by side:
/// what comes before there is a device waits for it.
/// </summary>
internal sealed class OwnAddresses
{
    private readonly Lock _gate = new();
    private IReadOnlyList<uint>? _waiting;
    private Action<IReadOnlyList<uint>>? _to;

    /// <summary>The addresses have changed.</summary>
    /// <param name="addresses">All of them, host byte order.</param>
    public void Set(IReadOnlyList<uint> addresses)
    {
        lock (_gate)
        {
            if (_to is null)
                _waiting = addresses;
            else
                _to(addresses);
        }
    }

    /// <summary>The device is there.</summary>
    /// <param name="to">What tells it.</param>
    /// <exception cref="Cgn.Ports.PortException">It can't take them.</exception>
    public void Lead(Action<IReadOnlyList<uint>> to)
    {
        lock (_gate)
        {
            if (_waiting is not null)
                to(_waiting);
            (_to, _waiting) = (to, null);
        }
    }
}
