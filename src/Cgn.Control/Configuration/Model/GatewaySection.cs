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

    /// <summary>What must fit; all memory is taken at the start.</summary>
    [Key("capacity")]
    public CapacitySection Capacity { get; private set; } = new();

    /// <summary>
    /// ICMP errors that the gateway originates, a second (RFC 1812 section 4.3.2.8, RFC 4443 section 2.4 f).
    /// </summary>
    [Key("icmp-errors-per-second", Min = "1/s")]
    public EventRate IcmpErrorsPerSecond { get; private set; } = new(1000);

    /// <summary>
    /// Source of the gateway's own ICMP errors towards the Internet. Left out: the first pool address.
    /// </summary>
    [Key("icmp-source-outside")]
    public Ipv4AddressValue? IcmpSourceOutside { get; private set; }

    /// <summary>
    /// Source of the gateway's own ICMP errors towards NAT444 customers. Left out: 192.0.0.1, as in softwires
    /// (RFC 6333 section 6.5).
    /// </summary>
    [Key("icmp-source-inside")]
    public Ipv4AddressValue? IcmpSourceInside { get; private set; }
}
