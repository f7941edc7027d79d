using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Model.Tests.Running;

using Xunit;

namespace Cgn.Model.Tests;

/// <summary>What has failed once does not fail again: every file in Cases, in each run.</summary>
public sealed class CaseTests
{
    public static IEnumerable<object[]> Files =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases"), "*.case")
            .Select(file => new object[] { Path.GetFileName(file) }).OrderBy(row => (string)row[0]);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_case_that_failed_once_passes(string file)
    {
        Case failedOnce = Case.Read(Path.Combine(AppContext.BaseDirectory, "Cases", file));
        Assert.Null(Runner.Difference(failedOnce, tablesEvery: 1));
        Assert.Equal(failedOnce.ToString(), Case.Parse(failedOnce.ToString().Split('\n')).ToString());
    }
}
