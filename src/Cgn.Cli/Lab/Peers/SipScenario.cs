using System;
using System.IO;

namespace Cgn.Cli.Lab.Peers;

/// <summary>
/// What sipp plays at either end of a call: set up, a few RTP packets to where the other end said, end.
/// </summary>
public static class SipScenario
{
    /// <summary>RTP that came with sipp.</summary>
    public const string Media = "/usr/share/sip-tester/dtmf_2833_0.pcap";

    /// <summary>Writes a scenario where sipp can read it.</summary>
    /// <param name="side"><c>caller</c> or <c>called</c>.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="LabException">The scenario is not in this program.</exception>
    public static string Write(string side)
    {
        string name = $"sip-{side}.xml";
        using Stream resource = typeof(SipScenario).Assembly.GetManifestResourceStream(name)
            ?? throw new LabException($"{name} is missing from this program.");
        using StreamReader reader = new(resource);
        string path = Path.Combine(LabState.Folder, name);
        // Homes call side by side: none may find the file half written by another.
        string written = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(written, reader.ReadToEnd());
        File.Move(written, path, overwrite: true);
        return path;
    }
}
