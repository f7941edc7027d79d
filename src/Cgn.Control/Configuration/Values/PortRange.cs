using System.Globalization;

namespace Cgn.Control.Configuration.Values;

/// <summary>Ports from a first to a last one, both included: <c>1024-65535</c>.</summary>
/// <param name="First">First port, 1 to 65,535.</param>
/// <param name="Last">Last port, not below the first.</param>
public readonly record struct PortRange(ushort First, ushort Last) : IConfigValue<PortRange>
{
    /// <inheritdoc/>
    public static string Pattern => "^[0-9]{1,5}-[0-9]{1,5}$";

    /// <inheritdoc/>
    public static string Example => "1024-65535";

    /// <summary>How many ports.</summary>
    public int Count => Last - First + 1;

    /// <inheritdoc/>
    public static bool TryParse(string text, out PortRange value, out string fault)
    {
        value = default;
        fault = "";
        int dash = text.IndexOf('-');
        if (dash < 0 || !TryPort(text[..dash], out ushort first) || !TryPort(text[(dash + 1)..], out ushort last))
            fault = $"'{text}' is not a range of ports; two numbers of 1 to 65535 would be: {Example}";
        else if (first > last)
            fault = $"'{text}' ends before it begins; {last}-{first} would be a range";
        else
            value = new PortRange(first, last);
        return fault.Length == 0;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => $"{First}-{Last}";

    internal static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}
