namespace Cgn.Softwire;

/// <summary>
/// Sixteen bytes that the pipeline keeps with a datagram from its first fragment on, so that all of them are translated
/// alike and leave with the same new identification (RFC 6864 §5.3.1). The table neither reads nor writes them but for
/// clearing them when the datagram begins.
/// </summary>
public struct FragmentEntryUser
{
    /// <summary>Number of a record, such as the session; 0 when the pipeline has set nothing.</summary>
    public uint Record;

    /// <summary>Number of another record.</summary>
    public uint SecondRecord;

    /// <summary>Anything of the pipeline's.</summary>
    public uint Extra;

    /// <summary>The identification that the fragments leave with.</summary>
    public ushort Identification;

    /// <summary>Marks of the pipeline's.</summary>
    public ushort Flags;
}
