namespace Cgn.Model.Tests.Nat;

/// <summary>A number that the gateway chooses: learnt where it is first seen, and the same from then on.</summary>
internal sealed class Unknown
{
    public uint? Value { get; set; }
}
