namespace Cgn.Control.Configuration.Model;

/// <summary>Ports that need no hold-down (RFC 6888 REQ-8).</summary>
public enum HoldDownException
{
    /// <summary>TCP, whose connections are tracked.</summary>
    TrackedTcp,

    /// <summary>Those of a block that stays with its subscriber.</summary>
    SameSubscriber,

    /// <summary>Those of mappings that do not admit everybody.</summary>
    Filtered,
}
