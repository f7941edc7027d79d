using Cgn.Control.Radius.Ports;

namespace Cgn.Control.Radius.Sessions;

/// <summary>Where no accounting server is configured.</summary>
internal sealed class NoAccountant : IAccountant
{
    /// <inheritdoc/>
    public void Start(RadiusSession session)
    {
    }

    /// <inheritdoc/>
    public void Interim(RadiusSession session, IpPortRange? range)
    {
    }

    /// <inheritdoc/>
    public void Stop(RadiusSession session, TerminateCause cause)
    {
    }
}
