namespace Cgn.Cli.Lab.Testing;

/// <summary>The plan that every home of the lab is on, as configs/lab.yaml gives it.</summary>
public static class LabPlan
{
    /// <summary>Towards the home, bits a second of IPv4.</summary>
    public const double DownBitsPerSecond = 20e6;

    /// <summary>From the home, bits a second of IPv4.</summary>
    public const double UpBitsPerSecond = 4e6;

    /// <summary>How long the rate may be exceeded at most, seconds of the rate.</summary>
    public const double BurstSeconds = 0.2;
}
