using System;
using System.Globalization;

namespace Cgn.Control.Api.Records;

/// <summary>Where in the records a listing goes on. Records keep their place while they live.</summary>
/// <param name="Shard">Number of the shard.</param>
/// <param name="Number">Number of the record to look at next, from 1.</param>
internal readonly record struct RecordCursor(int Shard, uint Number)
{
    /// <summary>Where a listing begins.</summary>
    public static RecordCursor Start => new(0, 1);

    /// <summary>Reads what <see cref="ToString"/> has written.</summary>
    public static bool TryParse(string text, out RecordCursor cursor)
    {
        cursor = Start;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0
            || !byte.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out byte shard)
            || !uint.TryParse(
                text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            || number == 0)
        {
            return false;
        }

        cursor = new RecordCursor(shard, number);
        return true;
    }

    /// <summary>As it stands in answers.</summary>
    public override string ToString() => $"{Shard}-{Number}";
}
