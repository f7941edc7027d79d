namespace Cgn.Control.Configuration.Values;

/// <summary>
/// A rate of data: a number and <c>bit/s</c>, <c>kbit/s</c>, <c>Mbit/s</c> or <c>Gbit/s</c> (powers of ten), or
/// <c>unlimited</c>.
/// </summary>
/// <param name="BitsPerSecond">Bits a second; 0 for no limit.</param>
public readonly record struct BitRate(ulong BitsPerSecond) : IConfigValue<BitRate>, IQuantity
{
    private const decimal RateMax = 1_000_000_000_000_000;

    /// <inheritdoc/>
    public static string Pattern => @"^([0-9]+(\.[0-9]+)?(bit/s|kbit/s|Mbit/s|Gbit/s)|unlimited)$";

    /// <inheritdoc/>
    public static string Example => "20Mbit/s";

    /// <inheritdoc/>
    public static bool TryParse(string text, out BitRate value, out string fault)
    {
        value = default;
        fault = "";
        if (text == "unlimited")
            return true;
        if (!Quantity.TrySplit(text, out decimal number, out string unit))
            fault = $"'{text}' is not a rate; a number and its unit would be: {Example}, or unlimited";
        else if (unit.Length == 0)
            fault = $"'{text}' has no unit; {text}Mbit/s would be a rate (bit/s, kbit/s, Mbit/s and Gbit/s are known)";
        else if (Multiplier(unit) is not { } multiplier)
            fault = $"'{unit}' in '{text}' is not a unit of rates; bit/s, kbit/s, Mbit/s and Gbit/s are";
        // Divided, since what is far too large can't be multiplied any more.
        else if (number > RateMax / multiplier || number * multiplier < 1)
            fault = $"'{text}' is no rate between 1bit/s and 1000000Gbit/s; no limit is written as unlimited";
        else
            value = new BitRate((ulong)(number * multiplier));
        return fault.Length == 0;
    }

    /// <inheritdoc/>
    public decimal Magnitude => BitsPerSecond;

    /// <summary>As in the file, in the largest unit that leaves a whole number.</summary>
    public override string ToString() => BitsPerSecond switch
    {
        0 => "unlimited",
        _ when BitsPerSecond % 1_000_000_000 == 0 => $"{BitsPerSecond / 1_000_000_000}Gbit/s",
        _ when BitsPerSecond % 1_000_000 == 0 => $"{BitsPerSecond / 1_000_000}Mbit/s",
        _ when BitsPerSecond % 1000 == 0 => $"{BitsPerSecond / 1000}kbit/s",
        _ => $"{BitsPerSecond}bit/s",
    };

    private static decimal? Multiplier(string unit) => unit switch
    {
        "bit/s" => 1,
        "kbit/s" => 1_000,
        "Mbit/s" => 1_000_000,
        "Gbit/s" => 1_000_000_000,
        _ => null,
    };
}
