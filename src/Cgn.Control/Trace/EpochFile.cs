using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using Cgn.Contract.Process;

namespace Cgn.Control.Trace;

/// <summary>
/// The file of all epochs, beside the block log; a line is on the disk before its configuration is in force.
/// </summary>
/// <param name="Path">The file.</param>
public sealed record EpochFile(string Path)
{
    /// <summary>The file of a gateway: beside its block log, or in its state directory where it has none.</summary>
    /// <param name="blockLog">The block log, or null.</param>
    /// <param name="directory">The state directory.</param>
    public static EpochFile Of(string? blockLog, StateDirectory directory) => new(
        blockLog is null ? System.IO.Path.Combine(directory.Path, "epochs.jsonl") : blockLog + ".epochs");

    /// <summary>Appends an epoch and waits until the disk has it.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public void Append(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        // What a killed process left of a line is ended, so that the next one stands alone.
        bool isCut = false;
        if (file.Length != 0)
        {
            file.Seek(-1, SeekOrigin.End);
            isCut = file.ReadByte() != '\n';
        }

        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes((isCut ? "\n" : "") + epoch.ToLine() + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>All epochs, oldest first; none when there is no file. Lines that are none are left out.</summary>
    public IReadOnlyList<Epoch> Read()
    {
        if (!File.Exists(Path))
            return [];
        List<Epoch> epochs = [];
        foreach (string line in File.ReadLines(Path))
        {
            if (Epoch.TryRead(line, out Epoch? epoch))
                epochs.Add(epoch!);
        }

        // Of two at the same time the later line holds, and a change builds upon the line before it.
        return [.. epochs.OrderBy(static epoch => epoch.Time, StringComparer.Ordinal)];
    }
}
