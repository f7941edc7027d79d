namespace Cgn.Forwarder;

/// <summary>The forwarder process: arguments only; start-up does the rest.</summary>
public static class Program
{
    /// <summary>Entry point; returns a process exit code.</summary>
    public static int Main() => 2;
}
