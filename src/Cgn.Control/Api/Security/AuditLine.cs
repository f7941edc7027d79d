namespace Cgn.Control.Api.Security;

/// <summary>A line of the audit log. What is null is left out.</summary>
internal sealed record AuditLine
{
    /// <summary>What a line says that is written before a change is made.</summary>
    public const string Begun = "begun";

    /// <summary>When, in the form of all times here; set by the log.</summary>
    public string? Time { get; init; }

    /// <summary>Name of the token or certificate.</summary>
    public required string Who { get; init; }

    /// <summary>read, write or none.</summary>
    public required string Role { get; init; }

    /// <summary>His address.</summary>
    public required string From { get; init; }

    /// <summary>Of a change: the same in the line that it begins with and in the one that it ends with.</summary>
    public string? Request { get; init; }

    /// <summary>Method, path and query.</summary>
    public required string What { get; init; }

    /// <summary>What was sent with it, or its hash.</summary>
    public string? Content { get; init; }

    /// <summary>HTTP status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>What came of it: begun, done, or why not.</summary>
    public required string Result { get; init; }

    /// <summary>Refusals for the same reason just before it that have no line.</summary>
    public long? LeftOut { get; init; }
}
