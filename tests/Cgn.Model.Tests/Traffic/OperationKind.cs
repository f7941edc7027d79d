namespace Cgn.Model.Tests.Traffic;

/// <summary>What happens next.</summary>
internal enum OperationKind
{
    /// <summary>A host inside sends to a server.</summary>
    Send,

    /// <summary>A host inside sends to an external endpoint that somebody has.</summary>
    Hairpin,

    /// <summary>A server answers something that it got.</summary>
    Answer,

    /// <summary>A server sends to an external endpoint that somebody has.</summary>
    Stranger,

    /// <summary>A server sends to some external endpoint.</summary>
    Probe,

    /// <summary>A frame that came before comes once more.</summary>
    Replay,

    /// <summary>A router outside reports an error about something that left.</summary>
    ErrorIn,

    /// <summary>A host inside reports an error about something that it got.</summary>
    ErrorOut,

    /// <summary>A fragment that was kept back.</summary>
    Late,

    /// <summary>Somebody pings one of our addresses.</summary>
    Ping,

    /// <summary>A frame that is no traffic of ours.</summary>
    Odd,

    /// <summary>Time passes.</summary>
    Wait,
}
