using System;

namespace Cgn.Control.Radius.Accounting;

/// <summary>How accounting records are sent.</summary>
internal sealed record AccountingSettings
{
    /// <summary>Records that may wait.</summary>
    public int QueueMax { get; init; } = 65536;

    /// <summary>Records on their way at a time.</summary>
    public int Concurrency { get; init; } = 128;

    /// <summary>Port blocks are reported as they are given out and taken back (RFC 8045 §3.1.2).</summary>
    public bool ReportsPorts { get; init; }

    /// <summary>File in which records wait over a restart, or null.</summary>
    public string? SpoolFile { get; init; }

    /// <summary>Wait after no server has acknowledged a record; doubles each time.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait. Records are never given up (RFC 2866 §2, RFC 5080 §2.2.1).</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the end waits for records to be acknowledged.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);
}
