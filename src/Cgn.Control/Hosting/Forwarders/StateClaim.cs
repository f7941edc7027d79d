using System;
using System.Globalization;
using System.IO;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// A control plane's hold on its state directory: a locked file, so that there is one control plane, and its process
/// number beside it, so that others know whom to signal.
/// </summary>
public sealed class StateClaim : IDisposable
{
    private readonly FileStream _lock;
    private readonly ControlLife _life;

    private StateClaim(FileStream file, ControlLife life) => (_lock, _life) = (file, life);

    /// <summary>Times that a control plane died here and another took its place.</summary>
    public long Restarts => _life.Restarts;

    /// <summary>Takes a directory, which is made when absent.</summary>
    /// <exception cref="SystemRefusedException">Another control plane has it, or it can't be written.</exception>
    public static StateClaim Take(StateDirectory directory)
    {
        FileStream? file = null;
        try
        {
            directory.Create();
            file = new FileStream(directory.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            AtomicFile.Write(
                directory.ControlProcessFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new StateClaim(file, ControlLife.Begin(directory));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Or it would be taken for another's that has it.
            file?.Dispose();
            string why = Why(directory, error);
            throw new SystemRefusedException($"gateway.state-directory {directory.Path} can't be taken: {why}", error);
        }
    }

    /// <summary>The process number of the control plane that has a directory; 0 when none has.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not know.</exception>
    public static int Holder(StateDirectory directory)
    {
        if (!File.Exists(directory.LockFile))
            return 0;
        try
        {
            using var free = new FileStream(directory.LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return 0;
        }
        catch (IOException)
        {
            string text = File.ReadAllText(directory.ControlProcessFile).Trim();
            bool isNumber = int.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out int process);
            return isNumber ? process : 0;
        }
    }

    /// <summary>Gives it up, in order.</summary>
    public void Dispose()
    {
        _life.End();
        _lock.Dispose();
    }

    private static string Why(StateDirectory directory, Exception error)
    {
        const string Advice = "each gateway needs a directory of its own";
        try
        {
            if (Holder(directory) is var holder and not 0)
                return $"another 'cgn run' has it (process {holder}); {Advice}";
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            // Then it stays unsaid which.
        }

        string advice = DiskFull.Advice(
            error, directory.Path,
            $"another 'cgn run' may have it, or this user may not write there; {Advice}");
        return $"{error.Message} ({advice})";
    }
}
