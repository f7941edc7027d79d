using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>An application gateway (RFC 8512 algs).</summary>
public sealed class AlgSection : ConfigSection
{
    /// <summary>Which.</summary>
    [Key("name", Required = true)]
    [Choices("ftp", "sip", "rtsp", "pptp", "tftp")]
    public AlgName Name { get; private set; }

    /// <summary>Whether plans that don't say otherwise have it.</summary>
    [Key("status")]
    public bool Status { get; private set; } = true;

    /// <summary>Ports of servers. Left out: the one that is registered for the protocol.</summary>
    [Key("dst-transport-ports", Min = "1", Max = "65535")]
    public IReadOnlyList<int> Ports { get; private set; } = [];
}
