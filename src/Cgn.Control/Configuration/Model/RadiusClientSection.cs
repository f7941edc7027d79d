using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Somebody who may send RADIUS requests to the gateway.</summary>
public sealed class RadiusClientSection : ConfigSection
{
    /// <summary>Its address.</summary>
    [Key("address", Required = true)]
    public IpAddressValue Address { get; private set; }

    /// <summary>File whose first line is the secret shared with it. Left out: the section's secret-file.</summary>
    [Key("secret-file")]
    public string? SecretFile { get; private set; }
}
