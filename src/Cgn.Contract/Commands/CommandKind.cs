namespace Cgn.Contract.Commands;

/// <summary>What a shard is asked to do. Numbers are part of the contract between the processes.</summary>
public enum CommandKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// Forget every subscriber of a prefix: mappings, sessions, blocks and the subscriber's record (RFC 7785 section
    /// 4.5). With an external address or a protocol: only such mappings with their sessions, and no more.
    /// </summary>
    Clear = 1,

    /// <summary>
    /// Give one subscriber a plan; refusal ends its mappings and sessions. Nothing happens where there is no such
    /// subscriber, where the configuration names it, or where the plan is a granted one that can't be followed.
    /// </summary>
    SetPlan = 2,

    /// <summary>
    /// Forget one subscriber: its mappings, sessions and blocks; what is left of it has the plan of an unknown one.
    /// </summary>
    Release = 3,
}
