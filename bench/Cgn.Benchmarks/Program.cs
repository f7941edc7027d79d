using BenchmarkDotNet.Running;

namespace Cgn.Benchmarks;

/// <summary>Parts of the packet path by themselves; <c>cgn bench</c> measures the whole.</summary>
public static class Program
{
    /// <summary>Runs the benchmarks that the arguments choose: <c>--filter '*'</c> for all.</summary>
    public static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
