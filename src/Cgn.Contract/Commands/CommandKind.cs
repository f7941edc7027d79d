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
}
