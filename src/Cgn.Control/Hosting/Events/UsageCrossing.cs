namespace Cgn.Control.Hosting.Events;

/// <summary>Which threshold a level has passed.</summary>
internal enum UsageCrossing
{
    /// <summary>None, or none that is to be told now.</summary>
    None,

    /// <summary>It has risen to the high one.</summary>
    High,

    /// <summary>It has fallen below the low one.</summary>
    Low,
}
