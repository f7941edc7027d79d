namespace Cgn.Cli.Bench.Plot;

/// <summary>Which part of a text stands at its place.</summary>
internal enum SvgAnchor
{
    /// <summary>Its beginning.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its end.</summary>
    End,
}
