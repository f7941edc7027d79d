namespace Cgn.Control.Configuration.Values;

/// <summary>How often something may happen: a whole number and <c>/s</c>, or <c>unlimited</c>.</summary>
/// <param name="PerSecond">Times a second; 0 for no limit.</param>
public readonly record struct EventRate(uint PerSecond) : IConfigValue<EventRate>, IQuantity
{
    private const uint RateMax = 1_000_000_000;

    /// <inheritdoc/>
    public static string Pattern => "^([0-9]+/s|unlimited)$";

    /// <inheritdoc/>
    public static string Example => "200/s";

    /// <inheritdoc/>
    public static bool TryParse(string text, out EventRate value, out string fault)
    {
        value = default;
        fault = "";
        if (text == "unlimited")
            return true;
        if (!Quantity.TrySplit(text, out decimal number, out string unit))
            fault = $"'{text}' is not a rate; a number a second would be: {Example}, or unlimited";
        else if (unit != "/s")
            fault = $"'{text}' does not end in /s; {number}/s would be a rate";
        else if (number is < 1 or > RateMax || number != decimal.Truncate(number))
            fault = $"'{text}' is no whole rate between 1/s and {RateMax}/s; no limit is written as unlimited";
        else
            value = new EventRate((uint)number);
        return fault.Length == 0;
    }

    /// <inheritdoc/>
    public decimal Magnitude => PerSecond;

    /// <summary>As in the file.</summary>
    public override string ToString() => PerSecond == 0 ? "unlimited" : $"{PerSecond}/s";
}
