using Cgn.Control.Radius.Ports;

namespace Cgn.Control.Radius.Sessions;

/// <summary>Records what sessions do. Called under the lock of <see cref="SessionTable"/>.</summary>
internal interface IAccountant
{
    /// <summary>A session has begun.</summary>
    void Start(RadiusSession session);

    /// <summary>A session goes on.</summary>
    /// <param name="session">The session.</param>
    /// <param name="range">Ports that were given or taken back just now, or null.</param>
    void Interim(RadiusSession session, IpPortRange? range);

    /// <summary>A session has ended.</summary>
    void Stop(RadiusSession session, TerminateCause cause);
}
