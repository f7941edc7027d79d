using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>The gateway as a whole.</summary>
public sealed class GatewaySection : ConfigSection
{
    /// <summary>Name of the gateway in logs and metrics.</summary>
    [Key("name")]
    public string Name { get; private set; } = "cgn";

    /// <summary>
    /// Worker threads: auto (one for each processor), a count, or a list of processor numbers that they are
    /// bound to.
    /// </summary>
    [Key("workers")]
    public WorkerSet Workers { get; private set; } = WorkerSet.Auto;

    /// <summary>Seed of port randomisation. Left out: a fresh random one at each start.</summary>
    [Key("seed", Min = "0", Max = "18446744073709551615")]
    public ulong? Seed { get; private set; }

    /// <summary>Directory for the state that the two processes share; memory-backed, such as below /dev/shm.</summary>
    [Key("state-directory")]
    public string? StateDirectory { get; private set; }

    /// <summary>
    /// Directory for the configurations that were in force, as written; on a disk they outlive a reboot. Left out:
    /// history in the state directory.
    /// </summary>
    [Key("history-directory")]
    public string? HistoryDirectory { get; private set; }

    /// <summary>Configurations that are kept there.</summary>
    [Key("history-limit", Min = "1", Max = "10000", Unit = "configurations")]
    public int HistoryLimit { get; private set; } = 100;

    /// <summary>
    /// A second forwarder stands by, ready but for the devices, and takes the place of one that dies. Of processes that
    /// the service manager starts, that is its business.
    /// </summary>
    [Key("standby")]
    public bool Standby { get; private set; } = true;

    /// <summary>What must fit; all memory is taken at the start.</summary>
    [Key("capacity")]
    public CapacitySection Capacity { get; private set; } = new();
}
