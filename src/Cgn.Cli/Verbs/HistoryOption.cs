using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Cli.Verbs;

/// <summary>
/// Which history a verb is about. A configuration file that is no longer usable is no hindrance: then the one in force
/// says where it is.
/// </summary>
internal sealed class HistoryOption
{
    private readonly GatewayOption _gateway = new();

    public Option<string?> Config => _gateway.Config;

    public Option<string?> StateDirectory => _gateway.Directory;

    public Option<string?> History { get; } = new("--history-directory")
    {
        Description = "Where the history is; left out: where the configuration says",
        HelpName = "DIRECTORY",
    };

    /// <summary>Finds it; false when standard error has said why not.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="verb">For messages.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="history">The history.</param>
    /// <param name="directory">The gateway's state directory; without a path when it is not known.</param>
    public bool TryFind(
        ParseResult arguments, string verb, TextWriter error, out ConfigHistory? history, out StateDirectory directory)
    {
        GatewayOptions? options = null;
        if (arguments.GetValue(Config) is { } config)
            ConfigLoader.TryLoad(config, out _, out options, out _);
        directory = arguments.GetValue(StateDirectory) is { } path ? new StateDirectory(path)
            : options is not null ? ControlSettings.StateDirectoryOf(options)
            : default;
        history = null;
        using StringWriter ignored = new();
        if (directory.Path is null && !GatewayOption.TryFindAlone(verb, ignored, out directory))
            directory = default;
        if (options is null && directory.Path is not null)
            ConfigLoader.TryLoad(directory.ConfigurationFile, out _, out options, out _);
        int limit = options?.Gateway.HistoryLimit ?? new GatewaySection().HistoryLimit;
        if (arguments.GetValue(History) is { } named)
            history = new ConfigHistory(named, limit);
        else if (options is not null)
            history = ControlSettings.HistoryOf(options);
        if (history is not null)
            return true;
        error.WriteLine(
            $"cgn: {verb}: it is not known which gateway's history is meant; --config with a usable file, "
            + "--state-directory or --history-directory says so");
        return false;
    }

    /// <summary>Reads the entries; null when standard error has said why that can't be.</summary>
    public static IReadOnlyList<HistoryEntry>? Entries(
        ConfigHistory history, string verb, TextWriter error)
    {
        try
        {
            return history.Entries();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"cgn: {verb}: {history.Directory} can't be read: {refusal.Message}");
            return null;
        }
    }
}
