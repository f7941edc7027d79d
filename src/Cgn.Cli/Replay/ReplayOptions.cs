using System.Collections.Generic;

namespace Cgn.Cli.Replay;

/// <summary>What a replay was asked to do.</summary>
/// <param name="Captures">Files to replay, one after another through the same gateway.</param>
/// <param name="Access">How the subscribers reach the gateway.</param>
/// <param name="ConfigPath">The gateway's configuration; null for the replay's own.</param>
/// <param name="Subscribers">How many subscribers replay each capture at the same time, from 1.</param>
/// <param name="Repeat">How many times all captures are replayed, from 1.</param>
/// <param name="Speed">Times the capture's own speed; 0 for as fast as possible.</param>
/// <param name="Workers">Workers of the gateway, 1 to 64; null for the configuration's, or 1.</param>
/// <param name="WriteInside">Capture to write of what leaves inside.</param>
/// <param name="WriteOutside">Capture to write of what leaves outside.</param>
/// <param name="Json">The report is one JSON object.</param>
internal sealed record ReplayOptions(
    IReadOnlyList<string> Captures, AccessKind Access, string? ConfigPath = null, int Subscribers = 1, int Repeat = 1,
    double Speed = 0, int? Workers = null, string? WriteInside = null, string? WriteOutside = null, bool Json = false);
