using System;
using System.Buffers.Binary;
using System.IO;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Contract.Snapshots;

/// <summary>
/// A <see cref="ConfigSnapshot"/> as a file: how the control plane hands the configuration to the forwarder.
/// Binary, with magic, version,
/// length and CRC-32C, so that a file of another build, a cut one or a damaged one is refused and never half taken.
/// </summary>
public static class SnapshotFile
{
    /// <summary>
    /// Writes the file whole: beside it first, then renamed over it, so that a reader sees the old or the new one.
    /// </summary>
    /// <param name="path">Where to.</param>
    /// <param name="snapshot">What.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public static void Write(string path, ConfigSnapshot snapshot)
    {
        string beside = path + ".new";
        using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encode(snapshot));
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Reads a file that <see cref="Write"/> made.</summary>
    /// <param name="path">Which.</param>
    /// <exception cref="SnapshotException">It is absent, unreadable, of another version, cut short or
    /// damaged.</exception>
    public static ConfigSnapshot Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException($"{path}: can't be read: {error.Message}", error);
        }

        try
        {
            return Decode(bytes);
        }
        catch (SnapshotException error)
        {
            throw new SnapshotException($"{path}: {error.Message}; 'cgn run' writes a new one at its start", error);
        }
    }

    /// <summary>The file's bytes.</summary>
    /// <param name="snapshot">What to write.</param>
    public static byte[] Encode(ConfigSnapshot snapshot)
    {
        byte[] body = SnapshotWriter.Body(snapshot);
        byte[] bytes = new byte[SnapshotFormat.HeaderBytes + body.Length];
        SnapshotFormat.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), SnapshotFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), SnapshotFormat.Fingerprint);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), Crc32c.Compute(body));
        body.CopyTo(bytes.AsSpan(SnapshotFormat.HeaderBytes));
        return bytes;
    }

    /// <summary>The snapshot of a file's bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="SnapshotException">It is no snapshot, or of another version, cut short or damaged.</exception>
    public static ConfigSnapshot Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SnapshotFormat.HeaderBytes || !bytes.StartsWith(SnapshotFormat.Magic))
            throw new SnapshotException("is no configuration snapshot");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != SnapshotFormat.Version)
        {
            throw new SnapshotException(
                $"is a snapshot of version {version}; this program reads {SnapshotFormat.Version}");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != SnapshotFormat.Fingerprint)
            throw new SnapshotException("was written by another build, whose settings differ from this program's");
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        ReadOnlySpan<byte> body = bytes[SnapshotFormat.HeaderBytes..];
        if (length != body.Length || length > SnapshotFormat.LengthMaxBytes)
            throw new SnapshotException($"holds {body.Length} bytes of settings where its header says {length}");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) != Crc32c.Compute(body))
            throw new SnapshotException("is damaged: its checksum is wrong");
        return new SnapshotReader(body).Snapshot();
    }
}
