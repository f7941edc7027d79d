namespace Cgn.Softwire;

/// <summary>A part of a datagram's payload: bytes from <see cref="Start"/> up to but not with
/// <see cref="End"/>.</summary>
internal struct FragmentRange
{
    public ushort Start;
    public ushort End;
}
