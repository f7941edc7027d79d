using System;
using System.Globalization;

namespace Cgn.Cli.Bench;

/// <summary>
/// How long frames are: of one size, or the simple IMIX of seven frames of 64 bytes, four of 594 and one of 1,518.
/// Sizes are those of a plain
/// IPv4 frame with its check sequence, as RFC 2544 counts them; a softwire header comes on top.
/// </summary>
/// <param name="Name">As on the command line.</param>
internal sealed record FrameMix(string Name)
{
    /// <summary>Shortest frame.</summary>
    public const int FrameMin = 64;

    /// <summary>Longest frame.</summary>
    public const int FrameMax = 1518;

    private static readonly int[] s_imix = [64, 64, 64, 64, 64, 64, 64, 594, 594, 594, 594, 1518];

    private int[] Sizes { get; init; } = s_imix;

    /// <summary>Reads a size or "imix"; null when it is neither.</summary>
    public static FrameMix? Parse(string text)
    {
        if (string.Equals(text, "imix", StringComparison.OrdinalIgnoreCase))
            return new FrameMix("imix");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
            && bytes is >= FrameMin and <= FrameMax
            ? new FrameMix(text) { Sizes = [bytes] }
            : null;
    }

    /// <summary>Bytes of the frames of a session.</summary>
    public int FrameBytes(uint number) => Sizes[number % (uint)Sizes.Length];
}
