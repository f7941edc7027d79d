namespace Cgn.Cli.Replay;

/// <summary>What a correct gateway does with a packet.</summary>
/// <param name="MayDrop">Reasons that a drop may have; with none it must come out.</param>
/// <param name="MustDrop">It may not come out.</param>
internal readonly record struct Verdict(DropSet MayDrop, bool MustDrop)
{
    /// <summary>It comes out.</summary>
    internal static Verdict Deliver => default;

    /// <summary>It is dropped for one of some reasons.</summary>
    internal static Verdict Drop(DropSet reasons) => new(reasons, MustDrop: true);

    /// <summary>It comes out, or is dropped for one of some reasons.</summary>
    internal static Verdict Either(DropSet reasons) => new(reasons, MustDrop: false);

    /// <summary>Both hold: either one's reason will do, and if either says drop, it is dropped.</summary>
    internal Verdict And(Verdict other) => new(MayDrop.With(other.MayDrop), MustDrop || other.MustDrop);
}
