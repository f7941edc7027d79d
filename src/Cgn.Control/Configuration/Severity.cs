namespace Cgn.Control.Configuration;

/// <summary>How bad a <see cref="Fault"/> is.</summary>
public enum Severity
{
    /// <summary>
    /// The configuration can be used, but does something that a standard or good practice advises against.
    /// </summary>
    Warning,

    /// <summary>The configuration can't be used.</summary>
    Error,
}
