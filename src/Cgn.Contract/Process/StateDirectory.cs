using System;
using System.IO;

using Cgn.Memory.Arenas;

namespace Cgn.Contract.Process;

/// <summary>The files of one gateway, all below its state directory.</summary>
/// <param name="Path">The directory: <c>gateway.state-directory</c>.</param>
public readonly record struct StateDirectory(string Path)
{
    /// <summary>The configuration for the forwarder (<see cref="Snapshots.SnapshotFile"/>).</summary>
    public string SnapshotFile => System.IO.Path.Combine(Path, "snapshot.bin");

    /// <summary>Held open and locked by the control plane while it runs, so that there is one.</summary>
    public string LockFile => System.IO.Path.Combine(Path, "control.lock");

    /// <summary>Whether a control plane runs, and how many have died here.</summary>
    public string LifeFile => System.IO.Path.Combine(Path, "control.life");

    /// <summary>The process number of the control plane that holds the lock.</summary>
    public string ControlProcessFile => System.IO.Path.Combine(Path, "control.pid");

    /// <summary>Held open and locked by whoever writes commands for the shards.</summary>
    public string CommandLockFile => System.IO.Path.Combine(Path, "commands.lock");

    /// <summary>The configuration in force, as it was written.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(Path, "configuration.yaml");

    /// <summary>What became of the last configuration that the control plane was asked to take.</summary>
    public string ReloadFile => System.IO.Path.Combine(Path, "reload.json");

    /// <summary>Who has written the configuration file, left there for the reload that follows.</summary>
    public string OriginFile => System.IO.Path.Combine(Path, "origin.json");

    /// <summary>Held locked by the forwarder that forwards; others of the directory wait for it.</summary>
    public string ForwarderLockFile => System.IO.Path.Combine(Path, "forwarder.lock");

    /// <summary>
    /// There when a forwarder has died of a fault, which may lie in what it found: the next one to attach makes anew
    /// from the records whatever can be, and then takes the file away.
    /// </summary>
    public string SuspectFile => System.IO.Path.Combine(Path, "state.suspect");

    /// <summary>The forwarder's status page.</summary>
    public string StatusFile => SectionFile(SectionNames.Forwarder);

    /// <summary>The file of an arena section.</summary>
    /// <param name="section">One of <see cref="SectionNames"/>.</param>
    public string SectionFile(string section) => Arena.PathOf(Path, section);

    /// <summary>Leaves the <see cref="SuspectFile"/>.</summary>
    /// <returns>False where it can't be written.</returns>
    public bool TrySuspect()
    {
        try
        {
            File.WriteAllBytes(SuspectFile, []);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes the directory where it is absent.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public void Create() => Directory.CreateDirectory(Path);
}
