namespace Cgn.Control.Api.Problems;

/// <summary>One mistake of a text that was sent.</summary>
/// <param name="Line">Line, from 1; 0 for the text as a whole.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record ProblemFault(int Line, int Column, string Message);
