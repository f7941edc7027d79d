using System;
using System.Globalization;
using System.IO;
using System.Threading;

using Cgn.Memory.Arenas;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Takes the pages of all tables from the system beside the workers that have begun, so that no packet waits for one
/// and memory that is not there shows at the start. Where the system is short of memory they come when they are needed.
/// </summary>
internal sealed class Reservation : IDisposable
{
    private const ulong KiB = 1024;
    private const ulong MiB = KiB * KiB;

    // What is left for everything else, of what the system says it could give.
    private const ulong ShareTaken = 3;
    private const ulong ShareOf = 4;

    private readonly CancellationTokenSource _end = new();
    private readonly Thread? _thread;

    /// <summary>Begins; the pages come on a thread of its own.</summary>
    /// <param name="arena">Records and indexes; all sections have been taken.</param>
    public Reservation(Arena arena)
    {
        ulong wanted = arena.NewBytes;
        ulong available = AvailableBytes();
        if (wanted / ShareTaken > available / ShareOf)
        {
            Say($"gateway.capacity wants {wanted / MiB} MiB of memory, and the system has {available / MiB} MiB to "
                + "give: they are taken as they are needed, and may be missing then");
            return;
        }

        _thread = new Thread(() => Take(arena)) { IsBackground = true, Name = "reservation" };
        _thread.Start();
    }

    /// <summary>Leaves it and waits until nothing is touched any more: the memory may be given back then.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _thread?.Join();
        _end.Dispose();
    }

    private void Take(Arena arena)
    {
        if (!arena.TryPopulate(_end.Token))
            Say("the system did not give all memory of gateway.capacity at once: the rest is taken as it is needed");
    }

    private static void Say(string what) => Console.Error.WriteLine($"cgn-forwarder: {what}");

    /// <summary>What the kernel estimates that it can give without swapping; all there may be where it says
    /// nothing.</summary>
    private static ulong AvailableBytes()
    {
        // A container's limit stands here, if there is one.
        ulong limit = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        try
        {
            foreach (string line in File.ReadLines("/proc/meminfo"))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words is ["MemAvailable:", { } kib, ..]
                    && ulong.TryParse(kib, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
                    return Math.Min(limit, number * KiB);
            }
        }
        catch (IOException)
        {
            // Without /proc the limit has to do.
        }

        return limit;
    }
}
