using Cgn.Cli.Lab.Checks;

namespace Cgn.Cli.Lab.Testing;

/// <summary>One line of the lab's table.</summary>
/// <param name="Driver">The driver that the gateway ran with.</param>
/// <param name="Subject">The home's name, or `gateway`.</param>
/// <param name="Check">The check's name.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record LabRow(string Driver, string Subject, string Check, LabVerdict Verdict, double Seconds);
