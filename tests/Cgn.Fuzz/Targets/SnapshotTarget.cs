using System;

using Cgn.Contract.Snapshots;

namespace Cgn.Fuzz.Targets;

/// <summary>A configuration snapshot that another process wrote: decoded, or refused by its own exception.</summary>
public static class SnapshotTarget
{
    /// <summary>Decodes the input.</summary>
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        try
        {
            SnapshotFile.Decode(input);
        }
        catch (SnapshotException)
        {
            // Refused with its reason, as it should be.
        }
    }
}
