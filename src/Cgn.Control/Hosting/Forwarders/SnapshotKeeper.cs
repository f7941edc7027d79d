using System;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// The snapshot file of a state directory: written when the configuration changed, kept when it did not.
/// </summary>
internal static class SnapshotKeeper
{
    /// <summary>Makes the snapshot that the forwarder will find.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="wanted">The configuration.</param>
    /// <param name="keepSeed">
    /// The configuration names no seed: that of surviving state stays, since records are found by hashes made with it.
    /// </param>
    /// <param name="taken">Generations up to this one are other configurations'.</param>
    /// <returns>True when the file was new or has changed.</returns>
    /// <exception cref="SystemRefusedException">The file can't be written.</exception>
    public static bool Write(StateDirectory directory, ConfigSnapshot wanted, bool keepSeed, uint taken = 0)
    {
        ConfigSnapshot? before = Before(directory);
        if (before is null)
        {
            wanted = wanted with { Generation = Math.Max(wanted.Generation, taken + 1) };
        }
        else
        {
            GatewaySettings settings = wanted.Settings;
            if (keepSeed)
                settings.Seed = before.Settings.Seed;
            if (taken < before.Generation && IsSame(before, wanted, keepSeed))
                return false;
            wanted = wanted with { Settings = settings, Generation = Math.Max(before.Generation, taken) + 1 };
        }

        try
        {
            SnapshotFile.Write(directory.SnapshotFile, wanted);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException(
                $"{directory.SnapshotFile} can't be written: {error.Message}; "
                + DiskFull.Advice(
                    error, directory.Path,
                    "gateway.state-directory must be a directory that this user may write"), error);
        }
    }

    /// <summary>Two snapshots say the same, whatever their generations.</summary>
    /// <param name="before">The one that is.</param>
    /// <param name="wanted">The one to be.</param>
    /// <param name="keepSeed">As for <see cref="Write"/>.</param>
    public static bool IsSame(ConfigSnapshot before, ConfigSnapshot wanted, bool keepSeed)
    {
        GatewaySettings settings = wanted.Settings;
        if (keepSeed)
            settings.Seed = before.Settings.Seed;
        wanted = wanted with { Settings = settings, Generation = before.Generation };
        return SnapshotFile.Encode(wanted).AsSpan().SequenceEqual(SnapshotFile.Encode(before));
    }

    private static ConfigSnapshot? Before(StateDirectory directory)
    {
        try
        {
            return SnapshotFile.Read(directory.SnapshotFile);
        }
        catch (SnapshotException)
        {
            // Absent, of another build or damaged: there is nothing to keep, and a new one is written over it.
            return null;
        }
    }
}
