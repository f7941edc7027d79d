using System;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading;

using Cgn.Control.Api.Records;
using Cgn.Control.Hosting;

namespace Cgn.Control.Api.Security;

/// <summary>Who changed what and who was refused: a file of one JSON object a line, opened for each.</summary>
internal sealed class AuditLog
{
    private const int TextMax = 400;

    private static readonly JsonSerializerOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    private readonly string _path;
    private readonly Lock _gate = new();

    /// <summary>Makes the file and its directory.</summary>
    /// <exception cref="SystemRefusedException">It can't be written.</exception>
    public AuditLog(string path)
    {
        _path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            Append("");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"api.audit-log {path} can't be written: {error.Message}", error);
        }
    }

    /// <summary>The file can be written: asked before a change is made, so that none goes unrecorded.</summary>
    public bool IsWritable()
    {
        try
        {
            Append("");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Adds a line; false when it could not be written.</summary>
    /// <param name="caller">Who; null for somebody unknown.</param>
    /// <param name="from">His address.</param>
    /// <param name="what">Method and path.</param>
    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="result">What came of it: done, or why not.</param>
    /// <param name="leftOut">Refusals for the same reason just before it that have no line.</param>
    public bool Write(Caller? caller, string from, string what, int status, string result, long leftOut = 0)
    {
        string line = JsonSerializer.Serialize(
            new
            {
                Time = ReadMoment.Text(DateTimeOffset.UtcNow),
                Who = caller?.Name ?? Caller.Nobody,
                Role = caller is null ? "none" : caller.Role.ToString().ToLowerInvariant(),
                From = from,
                What = Cut(what),
                Status = status,
                Result = Cut(result),
                LeftOut = leftOut == 0 ? (long?)null : leftOut,
            },
            s_json);
        try
        {
            Append(line + "\n");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Cut(string text) => text.Length <= TextMax ? text : text[..TextMax] + "...";

    private void Append(string text)
    {
        lock (_gate)
        {
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
