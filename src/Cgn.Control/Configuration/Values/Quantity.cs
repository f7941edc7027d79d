using System;
using System.Globalization;

namespace Cgn.Control.Configuration.Values;

/// <summary>Splits a number from its unit.</summary>
internal static class Quantity
{
    /// <summary>Reads a non-negative number, with decimals, and the unit right behind it.</summary>
    /// <param name="text">Such as 2.5Gbit/s.</param>
    /// <param name="number">The number.</param>
    /// <param name="unit">The rest, perhaps empty.</param>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        unit = text[end..];
        return decimal.TryParse(
            text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
