namespace Cgn.Model.Tests.Nat;

/// <summary>A frame that must leave, complete but for the numbers that the gateway chooses.</summary>
/// <param name="Side">Which side it leaves by.</param>
/// <param name="Frame">From the Ethernet header on.</param>
internal sealed record Expected(byte Side, byte[] Frame)
{
    /// <summary>The IPv4 identification, of the header at <see cref="Ipv4At"/>.</summary>
    public Unknown? Identification { get; init; }

    public int Ipv4At { get; init; }

    /// <summary>The flow label of the softwire's header.</summary>
    public Unknown? Label { get; init; }

    /// <summary>The identification of the outer fragment.</summary>
    public Unknown? OuterIdentification { get; init; }
}
