using System;
using System.Globalization;

using Cgn.Contract;

namespace Cgn.Control.Configuration.Values;

/// <summary>A span of time: a number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
/// <param name="Ms">Milliseconds, not negative.</param>
public readonly record struct Duration(long Ms) : IConfigValue<Duration>, IQuantity
{
    private const decimal DayMs = 86_400_000;
    private const decimal MsMax = 36500 * DayMs;

    /// <inheritdoc/>
    public static string Pattern => @"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$";

    /// <inheritdoc/>
    public static string Example => "120s";

    /// <summary>The same in <see cref="Tick"/>s, rounded up: a timer never runs shorter than it was asked to.</summary>
    public uint Ticks => (uint)Math.Min(uint.MaxValue, ((Ms * 1_000_000) + Tick.Nanoseconds - 1) / Tick.Nanoseconds);

    /// <summary>The same as a span of the platform.</summary>
    public TimeSpan Span => TimeSpan.FromMilliseconds(Ms);

    /// <summary>A number of seconds.</summary>
    public static Duration Seconds(long seconds) => new(seconds * 1000);

    /// <inheritdoc/>
    public static bool TryParse(string text, out Duration value, out string fault)
    {
        value = default;
        fault = "";
        if (!Quantity.TrySplit(text, out decimal number, out string unit))
            fault = $"'{text}' is not a time; a number and its unit would be: {Example}";
        else if (unit.Length == 0)
            fault = $"'{text}' has no unit; {text}s would be seconds (ms, s, m, h and d are known)";
        else if (UnitMs(unit) is not { } unitMs)
            fault = $"'{unit}' in '{text}' is not a unit of time; ms, s, m, h and d are";
        else if (number * unitMs is var ms && (ms > MsMax || ms != decimal.Truncate(ms)))
            fault = $"'{text}' is not a whole number of milliseconds below a hundred years";
        else
            value = new Duration((long)(number * unitMs));
        return fault.Length == 0;
    }

    /// <inheritdoc/>
    public decimal Magnitude => Ms;

    /// <summary>As in the file, in seconds where it is a whole number of them.</summary>
    public override string ToString() =>
        Ms % 1000 == 0 ? (Ms / 1000).ToString(CultureInfo.InvariantCulture) + "s" : $"{Ms}ms";

    private static decimal? UnitMs(string unit) => unit switch
    {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => DayMs,
        _ => null,
    };
}
