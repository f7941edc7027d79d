using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Cgn.Control.Radius.Accounting;

/// <summary>
/// The file behind the queue: a line for each record that comes, one for each that goes. Written anew when most of it
/// is about records that are gone. A line that was cut short by a kill is passed over.
/// </summary>
internal sealed class AccountingSpool : IDisposable
{
    private const int StaleLinesMin = 4096;
    private const char Came = '+';
    private const char Went = '-';

    private readonly string _path;
    private FileStream? _file;
    private int _lines;

    /// <summary>Opens the file, or makes it and its directory.</summary>
    /// <exception cref="IOException">It can't be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public AccountingSpool(string path)
    {
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        Recovered = File.Exists(_path) ? Read(File.ReadAllLines(_path)) : [];
        Rewrite(Recovered);
    }

    /// <summary>Records that waited when the file was opened, in their order.</summary>
    public IReadOnlyList<AccountingEntry> Recovered { get; }

    /// <summary>A record has come.</summary>
    /// <returns>False when it could not be written; it is in memory alone then.</returns>
    public bool Add(AccountingEntry entry) => Append(Line(entry));

    /// <summary>A record has gone.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="left">Those that are left.</param>
    public void Remove(AccountingEntry entry, IReadOnlyCollection<AccountingEntry> left)
    {
        Append(string.Create(CultureInfo.InvariantCulture, $"{Went} {entry.Number}"));
        if (_lines <= StaleLinesMin + (4 * left.Count))
            return;
        try
        {
            Rewrite(left);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The file only stays longer than it need be; the next record tries again.
            _lines = 0;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private static string Line(AccountingEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Came} {entry.Number} {entry.Session} {(uint)entry.Status} {entry.UnixSeconds} "
        + $"{Convert.ToBase64String(entry.Attributes.Span)} .{Convert.ToBase64String(entry.Ranges.Span)}");

    private static AccountingEntry[] Read(IEnumerable<string> lines)
    {
        SortedDictionary<long, AccountingEntry> waiting = [];
        foreach (string line in lines)
        {
            string[] words = line.Split(' ');
            if (words.Length < 2 || !long.TryParse(words[1], CultureInfo.InvariantCulture, out long number))
                continue;
            if (words[0] == Went.ToString())
                waiting.Remove(number);
            else if (Parse(words, number) is { } entry)
                waiting[number] = entry;
        }

        return [.. waiting.Values];
    }

    private static AccountingEntry? Parse(string[] words, long number)
    {
        const int Words = 7;
        try
        {
            return words.Length != Words || words[0] != Came.ToString() || words[6].Length == 0
                ? null
                : new AccountingEntry(
                    number, words[2], (AccountingStatus)uint.Parse(words[3], CultureInfo.InvariantCulture),
                    long.Parse(words[4], CultureInfo.InvariantCulture), Convert.FromBase64String(words[5]),
                    Convert.FromBase64String(words[6][1..]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private bool Append(string line)
    {
        try
        {
            _file ??= new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
            _file.Write(Encoding.ASCII.GetBytes(line + "\n"));
            _file.Flush();
            _lines++;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Rewrite(IReadOnlyCollection<AccountingEntry> entries)
    {
        _file?.Dispose();
        _file = null;
        string fresh = _path + ".new";
        File.WriteAllLines(fresh, entries.Select(Line));
        File.Move(fresh, _path, overwrite: true);
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
        _lines = entries.Count;
    }
}
