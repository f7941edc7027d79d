using System;
using System.IO;
using System.Text.Json;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Who has written the configuration file, left for the reload that a signal asks for; it counts for that very text
/// only.
/// </summary>
/// <param name="Origin">Who.</param>
/// <param name="Sha256">SHA-256 of the text.</param>
public sealed record ReloadOrigin(string Origin, string Sha256)
{
    /// <summary>A reload that nobody has announced.</summary>
    public const string Signal = "SIGHUP";

    /// <summary>Announces a text.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Announce(StateDirectory directory, string yaml, string origin) => AtomicFile.Write(
        directory.OriginFile, JsonSerializer.Serialize(new ReloadOrigin(origin, ConfigHistory.Sha256(yaml))) + "\n");

    /// <summary>Whose a text is; the announcement is used up.</summary>
    internal static string Take(StateDirectory directory, string yaml)
    {
        try
        {
            var found = JsonSerializer.Deserialize<ReloadOrigin>(File.ReadAllText(directory.OriginFile));
            File.Delete(directory.OriginFile);
            return found is not null && found.Sha256 == ConfigHistory.Sha256(yaml) ? found.Origin : Signal;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return Signal;
        }
    }
}
