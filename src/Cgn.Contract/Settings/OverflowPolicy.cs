namespace Cgn.Contract.Settings;

/// <summary>What happens when the control plane does not take events fast enough.</summary>
public enum OverflowPolicy : byte
{
    /// <summary>No new port block while its allocation can't be recorded.</summary>
    Block = 0,

    /// <summary>The event is lost and counted.</summary>
    Drop = 1,
}
