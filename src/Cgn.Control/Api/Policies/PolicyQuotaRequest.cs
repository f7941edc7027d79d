using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Api.Policies;

/// <summary>External ports that one subscriber may have in use, in place of its plan's port-quota.</summary>
public sealed class PolicyQuotaRequest : ConfigSection
{
    /// <summary>TCP ports.</summary>
    [Key("tcp", Min = "1", Max = "65535", Unit = "ports")]
    public uint? Tcp { get; private set; }

    /// <summary>UDP ports.</summary>
    [Key("udp", Min = "1", Max = "65535", Unit = "ports")]
    public uint? Udp { get; private set; }

    /// <summary>ICMP query identifiers.</summary>
    [Key("icmp", Min = "1", Max = "65535", Unit = "identifiers")]
    public uint? Icmp { get; private set; }
}
