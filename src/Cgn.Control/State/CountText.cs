using System.Globalization;
using System.Numerics;

namespace Cgn.Control.State;

/// <summary>Numbers of things, for people.</summary>
public static class CountText
{
    /// <summary>The number with its thing, as 1 mapping and 2 mappings.</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">The thing, when there is one of it.</param>
    /// <param name="many">When there are more or none; null: with an s.</param>
    public static string Of<T>(T number, string one, string? many = null)
        where T : INumber<T> =>
        number.ToString(null, CultureInfo.InvariantCulture) + " " + (number == T.One ? one : many ?? one + "s");
}
