namespace Cgn.Pipeline.Batches;

/// <summary>What becomes of a frame when the stages are through with it.</summary>
public enum Verdict : byte
{
    /// <summary>No stage has decided yet.</summary>
    None = 0,

    /// <summary>Leaves by the port that its descriptor names.</summary>
    Transmit = 1,

    /// <summary>Ends here for the reason beside it.</summary>
    Drop = 2,

    /// <summary>Ends here because it was addressed to us.</summary>
    Consume = 3,

    /// <summary>A table has taken it over.</summary>
    Hold = 4,

    /// <summary>Goes to the worker that owns it.</summary>
    Handoff = 5,

    /// <summary>
    /// Translated outbound, and addressed to one of our own external addresses: comes in again from outside (RFC 4787
    /// section 6).
    /// </summary>
    Turn = 6,

    /// <summary>Other frames carry its content already, or the frame was given back.</summary>
    Gone = 7,
}
