using System;
using System.CommandLine;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Cli.Verbs;

/// <summary>
/// Which gateway a verb is about: by its configuration, its state directory, or because there is but one.
/// </summary>
internal sealed class GatewayOption
{
    private const string DefaultParent = "/dev/shm/cgn";

    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "The gateway's configuration, for where its state and logs are",
        HelpName = "FILE",
    };

    public Option<string?> Directory { get; } = new("--state-directory")
    {
        Description = $"Where its state is; left out: the only gateway below {DefaultParent}",
        HelpName = "DIRECTORY",
    };

    /// <summary>Finds it; false when standard error has said why not.</summary>
    public bool TryFind(
        ParseResult arguments, string verb, TextWriter error, out StateDirectory directory, out string? blockLog)
    {
        bool isFound = TryFind(arguments, verb, error, out directory, out GatewayOptions? options);
        blockLog = options?.Logging.BlockLog;
        return isFound;
    }

    /// <summary>The same with its configuration, where that is known.</summary>
    public bool TryFind(
        ParseResult arguments, string verb, TextWriter error, out StateDirectory directory,
        out GatewayOptions? options)
    {
        (directory, options) = (default, null);
        if (arguments.GetValue(Config) is { } config)
        {
            bool isUsable = ConfigLoader.TryLoad(config, out _, out options, out FaultList faults);
            if (!isUsable)
            {
                ConfigReport.Write(error, faults);
                return false;
            }

            directory = ControlSettings.StateDirectoryOf(options!);
        }

        if (arguments.GetValue(Directory) is { } path)
            directory = new StateDirectory(path);
        return directory.Path is not null || TryFindAlone(verb, error, out directory);
    }

    /// <summary>Finds the only gateway below the usual place; false when standard error has said why not.</summary>
    public static bool TryFindAlone(string verb, TextWriter error, out StateDirectory directory)
    {
        directory = default;
        string[] found;
        try
        {
            found = System.IO.Directory.Exists(DefaultParent)
                ? System.IO.Directory.GetDirectories(DefaultParent)
                : [];
        }
        catch (UnauthorizedAccessException)
        {
            error.WriteLine(
                $"cgn: {verb}: {Environment.UserName} may not read {DefaultParent}, where gateways keep their state; "
                + "sudo, or membership in the gateway's group, would be right");
            return false;
        }

        if (found.Length == 1)
        {
            directory = new StateDirectory(found[0]);
            return true;
        }

        error.WriteLine(
            $"cgn: {verb}: there are {found.Length} gateways below {DefaultParent}; --config or --state-directory "
            + "names one");
        return false;
    }
}
