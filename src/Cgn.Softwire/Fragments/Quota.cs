namespace Cgn.Softwire;

/// <summary>What one party (subscriber, external address, B4 prefix) takes up in a table.</summary>
internal struct Quota
{
    /// <summary>Who it is.</summary>
    public ulong Key;

    /// <summary>Entries of that party; the record lives while there are any.</summary>
    public int Entries;

    /// <summary>Frames of those entries.</summary>
    public int Frames;

    /// <summary>The entries in order of age, where the table keeps that.</summary>
    public EntryList List;
}
