using System.Collections.Generic;

using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Tests.Radius;

/// <summary>Remembers what there was to record.</summary>
internal sealed class FakeAccountant : IAccountant
{
    public List<string> Started { get; } = [];

    public List<(string Id, IpPortRange? Range)> Interims { get; } = [];

    public List<(string Id, TerminateCause Cause)> Stopped { get; } = [];

    public void Start(RadiusSession session) => Started.Add(session.Id);

    public void Interim(RadiusSession session, IpPortRange? range) => Interims.Add((session.Id, range));

    public void Stop(RadiusSession session, TerminateCause cause) => Stopped.Add((session.Id, cause));
}
