namespace Cgn.Softwire;

/// <summary>How far a datagram has come; each stage has its chain of entries in order of age.</summary>
internal enum FragmentStage : byte
{
    /// <summary>No datagram.</summary>
    Free,

    /// <summary>The first fragment has not come.</summary>
    Orphan,

    /// <summary>The first fragment has come, others are missing.</summary>
    Open,

    /// <summary>Complete or refused; remembered until the time is over, or until the place is needed.</summary>
    Done,
}
