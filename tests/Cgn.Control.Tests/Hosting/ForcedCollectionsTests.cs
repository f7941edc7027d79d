using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Hosting.Diagnostics;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>What the measurement of a collecting control plane rests on.</summary>
public sealed class ForcedCollectionsTests
{
    [Fact]
    public async Task It_collects_while_its_file_is_there_and_not_before()
    {
        string file = Path.GetTempFileName();
        File.Delete(file);
        try
        {
            using var forced = new ForcedCollections(file);
            await forced.StartAsync(CancellationToken.None);
            await Task.Delay(100);
            Assert.Equal(0, forced.Collections);

            await File.WriteAllTextAsync(file, "");
            await TestGateway.UntilAsync(() => forced.Collections >= 3, "three collections");
            await forced.StopAsync(CancellationToken.None);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
