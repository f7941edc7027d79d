namespace Cgn.Control.Configuration.Values;

/// <summary>One port, or ports from a first to a last one: <c>5060</c>, <c>6881-6889</c>.</summary>
/// <param name="First">First port, 1 to 65,535.</param>
/// <param name="Last">Last port, not below the first.</param>
public readonly record struct PortSpan(ushort First, ushort Last) : IConfigValue<PortSpan>
{
    /// <inheritdoc/>
    public static string Pattern => "^[0-9]{1,5}(-[0-9]{1,5})?$";

    /// <inheritdoc/>
    public static string Example => "6881-6889";

    /// <inheritdoc/>
    public static bool TryParse(string text, out PortSpan value, out string fault)
    {
        if (PortRange.TryPort(text, out ushort port))
        {
            value = new PortSpan(port, port);
            fault = "";
            return true;
        }

        bool isRange = PortRange.TryParse(text, out PortRange range, out fault);
        value = new PortSpan(range.First, range.Last);
        if (!isRange && !text.Contains('-', System.StringComparison.Ordinal))
            fault = $"'{text}' is no port; 1 to 65535 would be, or a range: {Example}";
        return isRange;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
