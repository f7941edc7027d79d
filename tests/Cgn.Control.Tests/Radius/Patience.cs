using System;
using System.Diagnostics;
using System.Threading.Tasks;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Waits for conditions, for as long as a slow machine may need.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<bool> condition, Func<string> otherwise)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < s_limit, "waited in vain: " + otherwise());
            await Task.Delay(5);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string otherwise) => UntilAsync(condition, () => otherwise);
}
