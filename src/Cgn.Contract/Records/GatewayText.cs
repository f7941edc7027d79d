using System.Runtime.CompilerServices;

namespace Cgn.Contract.Records;

/// <summary>Bytes of payload that a gateway keeps.</summary>
[InlineArray(GatewayEdit.TextBytes)]
public struct GatewayText
{
    private byte _first;
}
