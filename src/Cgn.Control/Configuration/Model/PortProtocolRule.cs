namespace Cgn.Control.Configuration.Model;

/// <summary>What becomes of a protocol that can be translated by its ports.</summary>
public enum PortProtocolRule
{
    /// <summary>It is.</summary>
    Ports,

    /// <summary>Dropped and counted.</summary>
    Drop,
}
