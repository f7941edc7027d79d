using System;
using System.IO;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The gateway section: name, directory, memory.</summary>
internal static class GatewayChecks
{
    private const int NameLengthMax = 64;

    public static void Run(GatewayOptions options, FaultList faults)
    {
        GatewaySection gateway = options.Gateway;
        if (gateway.Name.Length > NameLengthMax || !gateway.Name.All(IsNameLetter))
        {
            faults.Error(
                gateway.PlaceOf(nameof(gateway.Name)),
                $"gateway.name '{gateway.Name}' is no name; 1 to {NameLengthMax} letters, digits, '.', '-' and "
                + "'_' would be");
        }

        if (gateway.StateDirectory is { } directory && !Path.IsPathRooted(directory))
        {
            faults.Error(
                gateway.PlaceOf(nameof(gateway.StateDirectory)),
                $"gateway.state-directory '{directory}' is not absolute; /dev/shm/cgn/{gateway.Name} would be");
        }

        if (gateway.HistoryDirectory is { } history && !Path.IsPathRooted(history))
        {
            faults.Error(
                gateway.PlaceOf(nameof(gateway.HistoryDirectory)),
                $"gateway.history-directory '{history}' is not absolute; /var/lib/cgn/history would be");
        }

        Memory(options, gateway.Capacity, faults);
    }

    internal static bool IsNameLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_';

    private static void Memory(GatewayOptions options, CapacitySection capacity, FaultList faults)
    {
        // Each index entry costs eight bytes; mappings and sessions stand in two indexes each.
        const int IndexBytes = 8;
        ulong blocks = options.Pools.Aggregate(0UL, static (sum, pool) => sum + PoolChecks.Blocks(pool));
        ulong bytes = capacity.Subscribers * (ulong)(SubscriberRecord.SizeBytes + IndexBytes)
            + capacity.Mappings * (ulong)(MappingRecord.SizeBytes + (2 * IndexBytes))
            + capacity.Sessions * (ulong)(SessionRecord.SizeBytes + (2 * IndexBytes))
            + blocks * BlockRecord.SizeBytes;
        ulong available = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            faults.Warn(
                capacity.Place,
                $"gateway.capacity and pools need {bytes >> 20} MiB of memory and this machine has {available >> 20}; "
                + "lower capacities, or a larger machine, would be right");
        }

        if (capacity.Mappings > capacity.Sessions)
        {
            faults.Warn(
                capacity.PlaceOf(nameof(capacity.Mappings)),
                $"there is room for {capacity.Mappings} mappings but only {capacity.Sessions} sessions; "
                + "every mapping has a session at least");
        }
    }
}
