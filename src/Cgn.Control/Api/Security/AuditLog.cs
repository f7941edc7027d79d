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
    private const int TextMax = 1000;

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

    /// <summary>Adds a line; false when it could not be written, and then nothing of it is there.</summary>
    /// <param name="line">The line; its texts are cut where they are long.</param>
    public bool Write(AuditLine line)
    {
        line = line with
        {
            Time = ReadMoment.Text(DateTimeOffset.UtcNow),
            What = Cut(line.What),
            Content = line.Content is null ? null : Cut(line.Content),
            Result = Cut(line.Result),
        };
        try
        {
            Append(JsonSerializer.Serialize(line, s_json) + "\n");
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
            // Without a buffer, or a full disk would show only when it is closed.
            using var file = new FileStream(
                _path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            long length = file.Seek(0, SeekOrigin.End);
            try
            {
                file.Write(Encoding.UTF8.GetBytes((EndsALine(file, length) ? "" : "\n") + text));
            }
            catch (IOException)
            {
                // Half a line is none.
                file.SetLength(length);
                throw;
            }
        }
    }

    // It does not where its writer was killed, or the machine went down.
    private static bool EndsALine(FileStream file, long length)
    {
        if (length == 0)
            return true;
        file.Position = length - 1;
        bool ends = file.ReadByte() == '\n';
        file.Position = length;
        return ends;
    }
}
