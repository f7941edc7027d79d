using System;
using System.IO;

namespace Cgn.Ports.Tests.Capture;

/// <summary>Where the real captures lie, if they do; and files of our own, written byte by byte.</summary>
internal static class CaptureFiles
{
    internal static string? Folder()
    {
        string? named = Environment.GetEnvironmentVariable("CGN_CAPTURES");
        if (!string.IsNullOrEmpty(named))
            return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string beside = Path.Combine(at.FullName, "shared", "captures");
            if (Directory.Exists(beside))
                return beside;
        }

        return null;
    }

    internal static string Temporary(ReadOnlySpan<byte> content)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, content.ToArray());
        return path;
    }

    internal static byte[] Ng(params (ushort Interface, long Ticks, byte[] Packet)[] packets)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        Block(writer, 0x0A0D0D0A, w =>
        {
            w.Write(0x1A2B3C4Du);
            w.Write((ushort)1);
            w.Write((ushort)0);
            w.Write(-1L);
        });
        Interface(writer, resolution: 6);
        Interface(writer, resolution: 9);
        foreach ((ushort number, long ticks, byte[] packet) in packets)
        {
            Block(writer, 6, w =>
            {
                w.Write((uint)number);
                w.Write((uint)(ticks >> 32));
                w.Write((uint)ticks);
                w.Write(packet.Length);
                w.Write(packet.Length);
                w.Write(packet);
                w.Write(new byte[-packet.Length & 3]);
            });
        }

        return stream.ToArray();
    }

    private static void Interface(BinaryWriter writer, byte resolution) => Block(writer, 1, w =>
    {
        w.Write((ushort)1);
        w.Write((ushort)0);
        w.Write(65535u);
        w.Write((ushort)9);
        w.Write((ushort)1);
        w.Write(new byte[] { resolution, 0, 0, 0 });
        w.Write(0u);
    });

    private static void Block(BinaryWriter writer, uint type, Action<BinaryWriter> content)
    {
        using MemoryStream body = new();
        using BinaryWriter inner = new(body);
        content(inner);
        uint length = (uint)body.Length + 12;
        writer.Write(type);
        writer.Write(length);
        writer.Write(body.ToArray());
        writer.Write(length);
    }
}
