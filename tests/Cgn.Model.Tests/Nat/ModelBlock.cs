namespace Cgn.Model.Tests.Nat;

/// <summary>A port block that a subscriber has.</summary>
internal sealed class ModelBlock
{
    public required uint Address { get; init; }

    public required ushort First { get; init; }

    public required ushort Last { get; init; }

    public uint IdleSince { get; set; }

    public bool Holds(Endpoint external) =>
        external.Address == Address && external.Port >= First && external.Port <= Last;

    public override string ToString() => $"{new Endpoint(Address, First)}-{Last}";
}
