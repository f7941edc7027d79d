namespace Cgn.Contract.Records;

/// <summary>
/// What <see cref="SubscriberRecord.Plan"/> means. The parts of the range are fixed, so that a number survives a change
/// of the configuration and the end of either process.
/// </summary>
public static class PlanNumber
{
    /// <summary>Plans that a configuration may have; their numbers, in its order, are 0 to one less.</summary>
    public const int ConfiguredMax = 4096;

    /// <summary>Not served: the configuration or an authentication server says so.</summary>
    public const ushort Refused = ConfiguredMax;

    /// <summary>Not served yet: waits for its authorization.</summary>
    public const ushort Pending = Refused + 1;

    /// <summary>The first of the granted policies: slot 0 of the <see cref="PolicyTable"/>.</summary>
    public const ushort FirstGranted = Pending + 1;

    /// <summary>Granted policies that there may be at a time.</summary>
    public const int GrantedMax = 4096;

    /// <summary>One more than the highest number.</summary>
    public const int End = FirstGranted + GrantedMax;

    /// <summary>The number stands for a granted policy.</summary>
    public static bool IsGranted(ushort number) => number is >= FirstGranted and < End;

    /// <summary>The number of a slot of the <see cref="PolicyTable"/>.</summary>
    /// <param name="slot">Slot, 0 to <see cref="GrantedMax"/> - 1.</param>
    public static ushort OfSlot(int slot) => (ushort)(FirstGranted + slot);

    /// <summary>The slot of a granted policy's number.</summary>
    public static int SlotOf(ushort number) => number - FirstGranted;
}
