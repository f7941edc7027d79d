namespace Cgn.Control.Configuration.Model;

/// <summary>What becomes of a subscriber that no RADIUS server has said anything about.</summary>
public enum NoAnswer
{
    /// <summary>It gets subscribers.default-plan, or is refused where there is none.</summary>
    DefaultPlan,

    /// <summary>It is refused until a server answers.</summary>
    Refuse,
}
