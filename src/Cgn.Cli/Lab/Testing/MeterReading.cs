namespace Cgn.Cli.Lab.Testing;

/// <summary>What had been carried at some instant between two.</summary>
/// <param name="Before">Not before this, in seconds.</param>
/// <param name="After">Nor after this.</param>
/// <param name="Bytes">Bytes of IPv4.</param>
public readonly record struct MeterReading(double Before, double After, ulong Bytes)
{
    /// <summary>Bits carried between an earlier reading and this one.</summary>
    public double BitsSince(MeterReading earlier) => (Bytes - earlier.Bytes) * 8.0;

    /// <summary>Seconds between them, by the middles of both.</summary>
    public double SecondsSince(MeterReading earlier) => (Before + After - earlier.Before - earlier.After) / 2;
}
