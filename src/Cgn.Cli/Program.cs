namespace Cgn.Cli;

/// <summary>The command cgn: one file a verb.</summary>
public static class Program
{
    /// <summary>Entry point; returns a process exit code.</summary>
    public static int Main() => 2;
}
