namespace Cgn.Softwire;

/// <summary>The two ends of a chain in <see cref="EntryLinks"/>; 0 is nobody.</summary>
internal struct EntryList
{
    /// <summary>The entry that was appended first.</summary>
    public int Head;

    /// <summary>The entry that was appended last.</summary>
    public int Tail;
}
