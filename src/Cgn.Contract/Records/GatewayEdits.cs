using System.Runtime.CompilerServices;

namespace Cgn.Contract.Records;

/// <summary>The edits of one direction that are remembered, oldest first.</summary>
[InlineArray(GatewayStream.EditsMax)]
public struct GatewayEdits
{
    private GatewayEdit _first;
}
