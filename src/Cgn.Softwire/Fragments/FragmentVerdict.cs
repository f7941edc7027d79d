namespace Cgn.Softwire;

/// <summary>What becomes of an IPv4 fragment that was offered to an <see cref="Ipv4FragmentTable"/>.</summary>
public enum FragmentVerdict : byte
{
    /// <summary>The ports are known: translate and forward it now. The frame stays the caller's.</summary>
    Ready,

    /// <summary>The first fragment has not come yet: the table owns the frame until it hands it back.</summary>
    Held,

    /// <summary>Not to be carried: the caller drops it with the reason given. The frame stays the caller's.</summary>
    Refused,
}
