namespace Cgn.Control.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Severity">Error or warning.</param>
/// <param name="File">The configuration file, as the operator named it.</param>
/// <param name="Place">Where in the file.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record Fault(Severity Severity, string File, Place Place, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: message</c>; a warning says so before its message.</summary>
    public override string ToString()
    {
        string at = Place.Line == 0 ? File : $"{File}:{Place.Line}:{Place.Column}";
        return Severity == Severity.Warning ? $"{at}: warning: {Message}" : $"{at}: {Message}";
    }
}
