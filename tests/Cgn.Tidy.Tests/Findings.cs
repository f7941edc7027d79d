using System;
using System.Collections.Generic;
using System.Linq;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>What a rule found wrong, each with its place.</summary>
public static class Findings
{
    /// <summary>Fails with all of them, one a line, under the rule that they break.</summary>
    public static void None(IEnumerable<string> found, string rule)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, rule + ":" + Environment.NewLine + string.Join(Environment.NewLine, all));
    }
}
