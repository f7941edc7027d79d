using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace Cgn.Wire.Tests;

/// <summary>Frames of real captures, where the folder that holds them is at hand.</summary>
internal static class CaptureFrames
{
    public const string Missing = "no folder shared/captures beside the checkout, and CGN_CAPTURES is not set";

    private const int FileHeaderSize = 24;
    private const int RecordHeaderSize = 16;
    private const uint EthernetLink = 1;

    /// <summary>The folder, or null: what CGN_CAPTURES names, or shared/captures beside a folder above.</summary>
    public static string? Folder()
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

    /// <summary>The whole Ethernet frames of a classic capture file; of other files and links none.</summary>
    public static List<byte[]> Read(string path)
    {
        List<byte[]> frames = [];
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < FileHeaderSize)
            return frames;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        bool little = magic is 0xA1B2C3D4 or 0xA1B23C4D;
        if (!little && BinaryPrimitives.ReverseEndianness(magic) is not (0xA1B2C3D4 or 0xA1B23C4D))
            return frames;
        if ((Number(file, 20, little) & 0xFFFF) != EthernetLink)
            return frames;
        int next = FileHeaderSize;
        while (next + RecordHeaderSize <= file.Length)
        {
            int captured = (int)Number(file, next + 8, little);
            bool whole = captured == Number(file, next + 12, little);
            next += RecordHeaderSize;
            if (captured < 0 || captured > file.Length - next)
                break;
            if (whole)
                frames.Add(file[next..(next + captured)]);
            next += captured;
        }

        return frames;
    }

    private static uint Number(byte[] file, int at, bool little) => little
        ? BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at))
        : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
}
