using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using Cgn.Control.Configuration;

namespace Cgn.Control.Radius;

/// <summary>
/// A file of entries under keys that outlives the process: a line for each that comes or changes, one for each that
/// goes. Written anew when most of it is about what is gone. A line that was cut short by a kill is passed over.
/// </summary>
internal sealed class KeyedFile : IDisposable
{
    private const int StaleLinesMin = 4096;
    private const string Came = "+";
    private const string Went = "-";
    private const string End = " .";

    private readonly string _path;
    private FileStream? _file;
    private int _lines;

    /// <summary>Opens the file, or makes it and its directory.</summary>
    /// <exception cref="IOException">It can't be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public KeyedFile(string path)
    {
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        Recovered = ReadAll(_path);
        Rewrite(Recovered);
    }

    /// <summary>The entries of a file, which may be absent; nothing is opened for good or written.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public static IReadOnlyCollection<KeyValuePair<string, string>> ReadAll(string path) =>
        File.Exists(path) ? Read(File.ReadLines(path)) : [];

    /// <summary>Entries that were there when the file was opened, in the order in which they came.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Recovered { get; }

    /// <summary>An entry has come, or is another now.</summary>
    /// <param name="key">Its key, without spaces.</param>
    /// <param name="text">What it says, in one line.</param>
    /// <returns>False when it could not be written; it is in memory alone then.</returns>
    public bool Put(string key, string text) => Append(Line(key, text));

    /// <summary>An entry has gone.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="left">How many are left.</param>
    /// <param name="all">Those that are left, should the file be written anew.</param>
    public void Remove(string key, int left, Func<IEnumerable<KeyValuePair<string, string>>> all)
    {
        Append($"{Went} {key}");
        Tidy(left, all);
    }

    /// <summary>Writes the file anew, if most of it is about what is gone.</summary>
    /// <param name="left">How many entries there are.</param>
    /// <param name="all">All of them.</param>
    public void Tidy(int left, Func<IEnumerable<KeyValuePair<string, string>>> all)
    {
        if (_lines <= StaleLinesMin + (4 * left))
            return;
        try
        {
            Rewrite([.. all()]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The file only stays longer than it need be; a later line tries again.
            _lines = 0;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private static string Line(string key, string text) => $"{Came} {key} {text}{End}";

    private static KeyValuePair<string, string>[] Read(IEnumerable<string> lines)
    {
        OrderedDictionary<string, string> entries = [];
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', 3);
            if (words.Length >= 2 && words[0] == Went)
                entries.Remove(words[1]);
            else if (words.Length == 3 && words[0] == Came && words[2].EndsWith(End, StringComparison.Ordinal))
                entries[words[1]] = words[2][..^End.Length];
        }

        return [.. entries];
    }

    private bool Append(string line)
    {
        try
        {
            _file ??= new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
            _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            _file.Flush();
            _lines++;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Rewrite(IReadOnlyCollection<KeyValuePair<string, string>> entries)
    {
        _file?.Dispose();
        _file = null;
        AtomicFile.Write(_path, string.Concat(entries.Select(static entry => Line(entry.Key, entry.Value) + "\n")));
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _lines = entries.Count;
    }
}
