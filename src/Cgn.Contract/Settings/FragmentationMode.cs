namespace Cgn.Contract.Settings;

/// <summary>Which header fragments a packet too large for its softwire (RFC 4459 section 3).</summary>
public enum FragmentationMode : byte
{
    /// <summary>The outer one: the B4 puts packets together before it opens them (RFC 6333 6.3).</summary>
    Outer = 0,

    /// <summary>
    /// The inner one where it may be: the host puts them together, and a B4 need not. A deviation from RFC 6333.
    /// </summary>
    Inner = 1,
}
