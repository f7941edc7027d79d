using Cgn.Contract.Records;

namespace Cgn.Nat;

/// <summary>
/// Follows a DCCP connection as far as its timers need it (RFC 5597 REQ-5). It refuses nothing (REQ-2).
/// </summary>
public static class DccpTracker
{
    private const int Response = 1;
    private const int DataAck = 4;
    private const int CloseRequest = 5;
    private const int Reset = 7;

    /// <summary>Takes note of a packet that is carried.</summary>
    /// <param name="s">Its session.</param>
    /// <param name="fromInside">It goes outbound.</param>
    /// <param name="type">Packet type, 0 (request) to 15 (RFC 4340 section 5.1).</param>
    public static void Observe(ref SessionRecord s, bool fromInside, int type)
    {
        bool fromOpener = fromInside == ((s.Flags & SessionFlags.OutsideInitiated) == 0);
        bool carriesOn = type is >= Response and <= DataAck;
        if (type is >= CloseRequest and <= Reset)
            s.State = SessionState.DccpClosing;
        else if (carriesOn && (s.State == SessionState.DccpClosing || !fromOpener))
            s.State = SessionState.DccpEstablished;
    }
}
