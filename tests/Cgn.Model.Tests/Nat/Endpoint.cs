namespace Cgn.Model.Tests.Nat;

/// <summary>An address with a port, or a query identifier, or 0 for protocols without either.</summary>
internal readonly record struct Endpoint(uint Address, ushort Port)
{
    public override string ToString() =>
        $"{Address >> 24}.{(Address >> 16) & 255}.{(Address >> 8) & 255}.{Address & 255}:{Port}";
}
