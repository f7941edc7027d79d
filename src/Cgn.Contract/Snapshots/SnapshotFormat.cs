using System;
using System.Reflection;
using System.Text;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Contract.Snapshots;

/// <summary>
/// How a snapshot file begins: 24 bytes, little endian.
/// <code>
/// byte  0..7   "CGNSNAP" and zero
/// byte  8..11  version of the format
/// byte 12..15  fingerprint of the settings' fields: two builds that disagree on them refuse each other
/// byte 16..19  length of what follows, in bytes
/// byte 20..23  CRC-32C of what follows
/// </code>
/// </summary>
internal static class SnapshotFormat
{
    public const int HeaderBytes = 24;
    public const int LengthMaxBytes = 256 << 20;
    public const uint Version = 4;

    public static ReadOnlySpan<byte> Magic => "CGNSNAP\0"u8;

    /// <summary>CRC-32C of the names and types of all fields, in their order.</summary>
    public static uint Fingerprint { get; } = Fields();

    private static uint Fields()
    {
        var text = new StringBuilder();
        BindingFlags all = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        FieldInfo[] fields =
        [
            .. typeof(GatewaySettings).GetFields(all), .. typeof(ProtocolRules).GetFields(all),
            .. typeof(PcpSettings).GetFields(all), .. typeof(InstanceLimits).GetFields(all),
            .. typeof(ThresholdSettings).GetFields(all),
        ];
        foreach (FieldInfo field in fields)
            text.Append(field.Name).Append(' ').Append(field.FieldType.Name).Append('\n');
        return Crc32c.Compute(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
