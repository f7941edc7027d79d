using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text.Json;

namespace Cgn.Cli.Lab.Testing;

/// <summary>
/// Reads the gateway's log of port blocks, one JSON object a line, as whoever answers an abuse report would.
/// </summary>
/// <param name="path">The file that the configuration names.</param>
public sealed class BlockLog(string path)
{
    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Who has this endpoint by the last line that covers it; null when nobody has.</summary>
    /// <exception cref="LabException">A line is not what the log promises.</exception>
    public string? HolderOf(IPEndPoint endpoint)
    {
        string? holder = null;
        foreach (string line in ReadLines())
        {
            try
            {
                using JsonDocument entry = JsonDocument.Parse(line);
                JsonElement fields = entry.RootElement;
                string kind = fields.GetProperty("event").GetString() ?? "";
                if (kind is "allocated" or "released" && Covers(fields, endpoint))
                    holder = kind == "allocated" ? Subscriber(fields) : null;
            }
            catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException)
            {
                throw new LabException($"{path} has a line that is no block event: {line}", unreadable);
            }
        }

        return holder;
    }

    /// <summary>True when two ways of writing name the same subscriber; a bare address is its own prefix.</summary>
    public static bool IsSame(string one, string other) =>
        Normalise(one) is { } prefix && prefix.Equals(Normalise(other));

    private static IPNetwork? Normalise(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork prefix))
            return prefix;
        return IPAddress.TryParse(text, out IPAddress? address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }

    private static bool Covers(JsonElement fields, IPEndPoint endpoint) =>
        fields.GetProperty("external_address").GetString() == endpoint.Address.ToString()
        && fields.GetProperty("port_start").GetInt32() <= endpoint.Port
        && fields.GetProperty("port_end").GetInt32() >= endpoint.Port;

    private static string? Subscriber(JsonElement fields) => fields.GetProperty("subscriber").GetString();

    /// <summary>The whole lines; the writer may be in the middle of another.</summary>
    private string[] ReadLines()
    {
        if (!File.Exists(path))
            return [];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        string text = reader.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
