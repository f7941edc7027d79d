namespace Cgn.Cli.Translate;

/// <summary>What a translation was asked to do.</summary>
/// <param name="ConfigPath">The gateway's configuration.</param>
/// <param name="Inside">Capture of what enters inside; null for nothing.</param>
/// <param name="Outside">Capture of what enters outside; null for nothing.</param>
/// <param name="WriteInside">Capture to write of what leaves inside.</param>
/// <param name="WriteOutside">Capture to write of what leaves outside.</param>
/// <param name="Workers">Workers of the gateway, 1 to 64.</param>
/// <param name="Json">The summary is one JSON object.</param>
internal sealed record TranslateOptions(
    string ConfigPath, string? Inside, string? Outside, string WriteInside, string WriteOutside, int Workers = 1,
    bool Json = false);
