namespace Cgn.Control.Configuration.Model;

/// <summary>RADIUS.</summary>
public sealed class RadiusSection : ConfigSection
{
    /// <summary>Where subscribers are authorised (RFC 2865).</summary>
    [Key("authentication")]
    public RadiusServerSection? Authentication { get; private set; }

    /// <summary>Where their traffic is accounted (RFC 2866).</summary>
    [Key("accounting")]
    public RadiusAccountingSection? Accounting { get; private set; }

    /// <summary>Where changes and disconnections come from (RFC 5176).</summary>
    [Key("dynamic-authorization")]
    public RadiusListenSection? DynamicAuthorization { get; private set; }
}
