using System;
using System.IO;
using System.Runtime.InteropServices;

using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Contract.Tests;

public sealed class FileMaskTests
{
    [Theory]
    [InlineData("000", "750", "640")]
    [InlineData("022", "750", "640")]
    [InlineData("077", "700", "600")]
    public void What_a_gateway_writes_is_for_owner_and_group_or_fewer(string before, string directory, string file)
    {
        string folder = Directory.CreateTempSubdirectory("cgn-mask-").FullName;
        uint outside = umask(Convert.ToUInt32(before, 8));
        try
        {
            FileMask.Tighten();
            string made = Path.Combine(folder, "state");
            new StateDirectory(made).Create();
            File.WriteAllText(Path.Combine(made, "records"), "");
            Assert.Equal(directory, Mode(made));
            Assert.Equal(file, Mode(Path.Combine(made, "records")));
        }
        finally
        {
            _ = umask(outside);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Mode(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    [DllImport("libc")]
    private static extern uint umask(uint mask);
}
