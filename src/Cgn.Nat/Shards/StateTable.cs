using System.Runtime.CompilerServices;

namespace Cgn.Nat;

/// <summary>A number for each session state, at hand without a look at an array's length.</summary>
[InlineArray(32)]
internal struct StateTable
{
    private uint _first;
}
