using System.IO;
using System.Text.Json;

namespace Cgn.Cli.Lab;

/// <summary>What `lab up` was asked for, kept so that it can tell whether what stands is what is wanted.</summary>
/// <param name="AccessMtuBytes">MTU of the access links, bytes.</param>
/// <param name="B4">Which B4 the DS-Lite homes got: `own` or `kernel`.</param>
public sealed record LabState(int AccessMtuBytes, string B4)
{
    /// <summary>Holds process ids, logs and the lab's own notes; gone with the lab and with the next boot.</summary>
    public const string Folder = "/run/cgn-lab";

    private static string FilePath => Path.Combine(Folder, "lab.json");

    /// <summary>Reads it; null when no lab stands or its making was not finished.</summary>
    public static LabState? Load()
    {
        try
        {
            return JsonSerializer.Deserialize<LabState>(File.ReadAllText(FilePath));
        }
        catch (System.Exception absent) when (absent is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it: the lab stands.</summary>
    public void Save() => File.WriteAllText(FilePath, JsonSerializer.Serialize(this));
}
