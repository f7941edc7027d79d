using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>How sources look: sizes, one type a file, words that must not stand in them.</summary>
public sealed partial class SourceTests
{
    private const int LinesMax = 300;
    private const int ColumnsMax = 120;

    private static readonly string[] s_topLevel = ["src", "tests", "bench", "configs", "tools", "artifacts"];
    private static readonly string[] s_topLevelFiles =
        ["Cgn.sln", "README.md", "LICENSE", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <summary>Places on somebody's machine, put together here so that this file does not name one.</summary>
    private static readonly Regex s_machinePath = new(
        @"(?<![\w.*])/(" + string.Join('|', "ho" + "me", "ro" + "ot", "wo" + "rk", "Us" + "ers") + @")/\w",
        RegexOptions.Compiled);

    [Fact]
    public void No_source_file_holds_more_than_one_thought()
    {
        IEnumerable<string> tooLong = from file in Repository.Sources("src")
                                      let lines = Repository.ReadLines(file).Length
                                      where lines > LinesMax
                                      select $"{file} has {lines} lines, more than {LinesMax}";
        Findings.None(tooLong, $"A source file has no more than {LinesMax} lines");
    }

    [Fact]
    public void No_line_is_longer_than_a_screen_is_wide()
    {
        IEnumerable<string> tooWide = from file in Repository.Sources()
                                      let wide = Repository.ReadLines(file).Index()
                                          .Where(line => line.Item.Length > ColumnsMax)
                                          .Select(line => line.Index + 1)
                                      where wide.Any()
                                      select $"{file}: {string.Join(", ", wide)}";
        Findings.None(tooWide, $"A line has no more than {ColumnsMax} columns");
    }

    [Fact]
    public void One_public_type_to_a_file_and_the_file_has_its_name()
    {
        List<string> wrong = [];
        foreach (string file in Repository.Sources())
        {
            string[] types = [.. PublicType().Matches(Repository.Read(file))
                .Select(match => match.Groups["name"].Value).Distinct()];
            string stem = Path.GetFileName(file).Split('.')[0]; // NatShard.Mappings.cs is a part of NatShard
            if (types.Length > 1 || (types.Length == 1 && types[0] != stem))
                wrong.Add($"{file} holds {string.Join(", ", types)}");
        }

        Findings.None(wrong, "A file holds one public type and has its name");
    }

    [Fact]
    public void The_top_level_holds_only_what_a_reader_expects()
    {
        IEnumerable<string> extra = from path in Directory.EnumerateFileSystemEntries(Repository.Root)
                                    let name = Path.GetFileName(path)
                                    where name[0] != '.'
                                    where !s_topLevel.Contains(name) && !s_topLevelFiles.Contains(name)
                                    select name;
        Findings.None(extra, "The top level holds src, tests, bench, configs, tools and the build's own files");
    }

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine()
    {
        IEnumerable<string> places = from file in Repository.Files
                                     where !Repository.Read(file).Contains('\0')
                                     from line in Repository.ReadLines(file).Index()
                                     where s_machinePath.IsMatch(line.Item)
                                     select $"{file}:{line.Index + 1}: {line.Item.Trim()}";
        Findings.None(places, "No file names a place on somebody's machine");
    }

    [Fact]
    public void Nothing_is_left_for_later_in_a_comment()
    {
        Regex later = new(@"\b(" + string.Join('|', "TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX") + @")\b");
        IEnumerable<string> left = from file in Repository.Sources()
                                   from line in Repository.ReadLines(file).Index()
                                   where later.IsMatch(line.Item)
                                   select $"{file}:{line.Index + 1}: {line.Item.Trim()}";
        Findings.None(left, "What is unfinished is not left in a comment");
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Tools_can_be_run()
    {
        IEnumerable<string> notExecutable =
            from file in Repository.Files
            where file.StartsWith("tools/", StringComparison.Ordinal) || file == ".ci/run"
            where Repository.ReadLines(file).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true
            where (File.GetUnixFileMode(Path.Combine(Repository.Root, file)) & UnixFileMode.UserExecute) == 0
            select file;
        Findings.None(notExecutable, "What stands in tools can be run");
        Assert.Superset(
            new HashSet<string> { "tools/cgn", "tools/demo", "tools/deps", "tools/test", ".ci/run" },
            Repository.Files.ToHashSet());
    }

    [GeneratedRegex(
        @"^public ((static|sealed|abstract|readonly|ref|partial|unsafe) )*" +
        @"(class|struct|interface|enum|record( class| struct)?|delegate [\w<>?\[\]]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex PublicType();
}
