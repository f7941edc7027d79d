namespace Cgn.Control.Configuration.Model;

/// <summary>What somebody may do by the management interface.</summary>
public enum ApiRole
{
    /// <summary>Look at everything.</summary>
    Read,

    /// <summary>Change things, too.</summary>
    Write,
}
