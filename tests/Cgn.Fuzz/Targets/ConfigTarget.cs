using System;
using System.Text;

using Cgn.Control.Configuration;

namespace Cgn.Fuzz.Targets;

/// <summary>A configuration as somebody may type it: accepted, or refused with at least one mistake named.</summary>
public static class ConfigTarget
{
    /// <summary>Reads the input as text.</summary>
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        bool good = ConfigLoader.TryParse("fuzz.yaml", text, out _, out _, out FaultList faults);
        if (good == faults.HasErrors)
            throw new InvalidOperationException(good ? "Accepted with errors." : "Refused without a word.");
    }
}
