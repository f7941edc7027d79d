namespace Cgn.Cli.Bench;

/// <summary>Which ways packets go.</summary>
internal enum BenchDirection
{
    /// <summary>From inside to outside.</summary>
    Out,

    /// <summary>From outside to inside.</summary>
    In,

    /// <summary>As many packets either way, in batches by turns.</summary>
    Both,
}
