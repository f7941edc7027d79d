namespace Cgn.Control.Configuration.Model;

/// <summary>The two devices.</summary>
public sealed class InterfacesSection : ConfigSection
{
    /// <summary>Towards the subscribers.</summary>
    [Key("inside", Required = true)]
    public InsideInterfaceSection Inside { get; private set; } = new();

    /// <summary>Towards the Internet.</summary>
    [Key("outside", Required = true)]
    public OutsideInterfaceSection Outside { get; private set; } = new();
}
