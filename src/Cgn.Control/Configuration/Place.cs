namespace Cgn.Control.Configuration;

/// <summary>Where something stands in a configuration file.</summary>
/// <param name="Line">Line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">Column, from 1; 0 for the file as a whole.</param>
public readonly record struct Place(int Line, int Column);
