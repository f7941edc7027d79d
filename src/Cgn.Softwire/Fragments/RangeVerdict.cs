namespace Cgn.Softwire;

/// <summary>How a fragment lies to those seen before.</summary>
internal enum RangeVerdict : byte
{
    /// <summary>Recorded: it touches none of them.</summary>
    New,

    /// <summary>The same range as one of them.</summary>
    Duplicate,

    /// <summary>Inside a range that was put together from several, so that nobody can tell whether it is a
    /// duplicate.</summary>
    Contained,

    /// <summary>It overlaps one of them without being the same, or contradicts the end of the datagram.</summary>
    Overlap,

    /// <summary>Too many separate ranges; nothing was recorded.</summary>
    Full,
}
