using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Cgn.Control.Radius.Accounting;

/// <summary>The file behind the queue: every record that waits, by its number.</summary>
internal sealed class AccountingSpool : IDisposable
{
    private readonly KeyedFile _file;

    /// <summary>Opens the file, or makes it and its directory.</summary>
    /// <exception cref="IOException">It can't be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public AccountingSpool(string path)
    {
        _file = new KeyedFile(path);
        Recovered = [.. _file.Recovered.Select(Parse).OfType<AccountingEntry>().OrderBy(static one => one.Number)];
    }

    /// <summary>Records that waited when the file was opened, in their order.</summary>
    public IReadOnlyList<AccountingEntry> Recovered { get; }

    /// <summary>A record has come.</summary>
    /// <returns>False when it could not be written; it is in memory alone then.</returns>
    public bool Add(AccountingEntry entry) => _file.Put(Key(entry), Text(entry));

    /// <summary>A record has gone.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="left">Those that are left.</param>
    public void Remove(AccountingEntry entry, IReadOnlyCollection<AccountingEntry> left) => _file.Remove(
        Key(entry), left.Count, () => left.Select(static one => KeyValuePair.Create(Key(one), Text(one))));

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static string Key(AccountingEntry entry) => entry.Number.ToString(CultureInfo.InvariantCulture);

    private static string Text(AccountingEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Session} {(uint)entry.Status} {entry.UnixSeconds} {Convert.ToBase64String(entry.Attributes.Span)} "
        + $"{Convert.ToBase64String(entry.Ranges.Span)}");

    private static AccountingEntry? Parse(KeyValuePair<string, string> line)
    {
        const int Words = 5;
        string[] words = line.Value.Split(' ');
        try
        {
            return words.Length != Words ? null : new AccountingEntry(
                long.Parse(line.Key, CultureInfo.InvariantCulture), words[0],
                (AccountingStatus)uint.Parse(words[1], CultureInfo.InvariantCulture),
                long.Parse(words[2], CultureInfo.InvariantCulture), Convert.FromBase64String(words[3]),
                Convert.FromBase64String(words[4]));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
