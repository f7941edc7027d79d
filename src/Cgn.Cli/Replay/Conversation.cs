namespace Cgn.Cli.Replay;

/// <summary>Two endpoints and a protocol, the same from both sides. Addresses as captured.</summary>
/// <param name="Protocol">Transport protocol.</param>
/// <param name="Low">The lower endpoint: address in the upper 32 bits, port below.</param>
/// <param name="High">The higher endpoint.</param>
internal readonly record struct Conversation(byte Protocol, ulong Low, ulong High)
{
    /// <summary>The conversation that a packet belongs to.</summary>
    internal static Conversation Of(PacketFacts facts) =>
        Of(facts.Protocol, facts.Source, facts.SourcePort, facts.Destination, facts.DestinationPort);

    /// <summary>The conversation of two endpoints.</summary>
    internal static Conversation Of(byte protocol, uint first, ushort firstPort, uint second, ushort secondPort)
    {
        ulong one = ((ulong)first << 32) | firstPort;
        ulong other = ((ulong)second << 32) | secondPort;
        return one < other ? new Conversation(protocol, one, other) : new Conversation(protocol, other, one);
    }

    /// <summary>The queries of one host to another with one identifier; the way matters.</summary>
    internal static Conversation Query(uint querier, uint responder, ushort identifier) =>
        new(1, ((ulong)querier << 32) | identifier, ((ulong)responder << 32) | 0x1_0000);
}
