using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Control.Api.Security;

/// <summary>
/// The file of tokens, read again when it has changed. A file that has become unusable changes nothing, and is said to
/// be.
/// </summary>
public sealed class TokenFile
{
    private const int TokenBytes = 32;
    private const string Prefix = "cgn_";
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly OperatorLog _log;
    private readonly Lock _gate = new();
    private TokenEntry[] _entries;
    private (DateTime Written, long Length) _seen;
    private long _lookAt;

    /// <summary>Reads the file.</summary>
    /// <exception cref="SystemRefusedException">It can't be read, or a line of it is none.</exception>
    internal TokenFile(string path, OperatorLog log)
    {
        _path = path;
        _log = log;
        _seen = Stamp();
        _entries = Read(path, out string? fault) ?? throw new SystemRefusedException($"api.token-file {fault}");
    }

    /// <summary>Who has a token; null for nobody. Takes the same time whoever it is.</summary>
    internal Caller? Find(string token)
    {
        Renew();
        byte[] hash = TokenEntry.HashOf(token);
        TokenEntry? found = null;
        foreach (TokenEntry entry in _entries)
        {
            if (CryptographicOperations.FixedTimeEquals(entry.Hash, hash))
                found = entry;
        }

        return found is null ? null : new Caller(found.Name, found.Role);
    }

    /// <summary>Makes a token and adds its hash to a file, which is made where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Whose it is; no spaces.</param>
    /// <param name="role">What it allows.</param>
    /// <returns>The token: nobody can tell it later. Null: the file has one of that name already.</returns>
    /// <exception cref="SystemRefusedException">The file can't be read or written.</exception>
    public static string? Add(string path, string name, ApiRole role)
    {
        if (File.Exists(path) && List(path).Any(entry => entry.Name == name))
            return null;
        string token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            using var writer = new StreamWriter(file);
            writer.WriteLine(new TokenEntry(name, role, TokenEntry.HashOf(token)));
            return token;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"{path} can't be written: {error.Message}", error);
        }
    }

    /// <summary>Whose tokens a file has, and what they allow, in the file's order.</summary>
    /// <exception cref="SystemRefusedException">It can't be read.</exception>
    public static IReadOnlyList<Caller> List(string path) =>
        [.. (Read(path, out string? fault) ?? throw new SystemRefusedException(fault!))
            .Select(static entry => new Caller(entry.Name, entry.Role))];

    /// <summary>Takes somebody's tokens out of a file; all else in it stays as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Whose.</param>
    /// <returns>False when the file has none.</returns>
    /// <exception cref="SystemRefusedException">The file can't be read or written.</exception>
    public static bool Remove(string path, string name)
    {
        if (List(path).All(entry => entry.Name != name))
            return false;
        try
        {
            AtomicFile.Write(path, string.Concat(
                File.ReadAllLines(path).Where(line => !IsOf(line, name)).Select(static line => line + "\n")));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"{path} can't be written: {error.Message}", error);
        }
    }

    private static bool IsOf(string line, string name) =>
        TokenEntry.TryParse(line, out TokenEntry? entry, out _) && entry!.Name == name;

    private static TokenEntry[]? Read(string path, out string? fault)
    {
        fault = null;
        try
        {
            var entries = new List<TokenEntry>();
            foreach ((int number, string line) in File.ReadAllLines(path).Index())
            {
                if (string.IsNullOrWhiteSpace(line) || line.TrimStart()[0] == '#')
                    continue;
                if (!TokenEntry.TryParse(line, out TokenEntry? entry, out string what))
                {
                    fault = $"{path}:{number + 1}: {what}";
                    return null;
                }

                entries.Add(entry!);
            }

            return [.. entries];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            fault = $"{path} can't be read: {error.Message}; 'cgn token add' makes one";
            return null;
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (Environment.TickCount64 < _lookAt)
                return;
            _lookAt = Environment.TickCount64 + (long)s_look.TotalMilliseconds;
            (DateTime, long) stamp = Stamp();
            if (stamp == _seen)
                return;
            _seen = stamp;
            if (Read(_path, out string? fault) is { } entries)
                _entries = entries;
            else
                _log.Warn($"api.token-file {fault}; those that were read before hold");
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var file = new FileInfo(_path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }
}
