using System;
using System.Globalization;
using System.IO;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// A file in the state directory that says whether a control plane runs, and how many have died there: one that finds
/// it saying so, and has the directory's lock, follows one that died. To be used by whoever holds that lock.
/// </summary>
internal sealed class ControlLife
{
    private const string Running = "running";
    private const string Ended = "ended";

    private readonly string _file;

    private ControlLife(string file, long restarts)
    {
        _file = file;
        Restarts = restarts;
    }

    /// <summary>Times that a control plane died and another took its place.</summary>
    public long Restarts { get; }

    /// <summary>Begins a life.</summary>
    /// <param name="directory">The state directory.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static ControlLife Begin(StateDirectory directory)
    {
        string file = directory.LifeFile;
        string[] words = File.Exists(file) ? File.ReadAllText(file).Split(' ', '\n') : [];
        long restarts = words.Length > 1
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long before) ? before : 0;
        if (words.Length > 0 && words[0] == Running)
            restarts++;
        var life = new ControlLife(file, restarts);
        life.Write(Running);
        return life;
    }

    /// <summary>Ends it in order; a file that can't be written then counts as a death.</summary>
    public void End()
    {
        try
        {
            Write(Ended);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The directory may be gone: then there is nothing left to count in.
        }
    }

    private void Write(string state) =>
        File.WriteAllText(_file, string.Create(CultureInfo.InvariantCulture, $"{state} {Restarts}\n"));
}
