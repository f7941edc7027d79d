using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

using Cgn.Contract;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>The one list that names counter, metric and documentation.</summary>
public sealed class DropReasonTests
{
    private static readonly DropReason[] s_reasons = Enum.GetValues<DropReason>();

    [Fact]
    public void Every_drop_reason_says_what_it_means()
    {
        XDocument documentation = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Cgn.Contract.xml"));
        Dictionary<string, string> summaries = documentation.Descendants("member").ToDictionary(
            member => (string)member.Attribute("name")!, member => ((string?)member.Element("summary") ?? "").Trim());
        IEnumerable<string> silent = from reason in s_reasons
                                     let name = $"F:{typeof(DropReason).FullName}.{reason}"
                                     let words = summaries.GetValueOrDefault(name, "").Split(' ')
                                     where reason != DropReason.None && words.Length < 5
                                     select reason.ToString();
        Findings.None(silent, "A drop reason has a summary that says what it means");
    }

    [Fact]
    public void Drop_reasons_are_numbered_without_gap_from_none() =>
        Assert.Equal(Enumerable.Range(0, s_reasons.Length), s_reasons.Select(reason => (int)reason));
}
