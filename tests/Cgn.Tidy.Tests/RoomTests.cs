using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>
/// The rooms stand as the map says: who may use whom, where code may be unsafe, what tests belong to what.
/// </summary>
public sealed partial class RoomTests
{
    private static readonly string[] s_unsafe = ["Cgn.Memory", "Cgn.Ports"];
    private static readonly string[] s_packetPath =
        ["Cgn.Wire", "Cgn.Memory", "Cgn.Contract", "Cgn.Nat", "Cgn.Softwire", "Cgn.Pipeline"];

    /// <summary>Test projects that mirror no room.</summary>
    private static readonly string[] s_withoutRoom = ["Cgn.Model.Tests", "Cgn.Tidy.Tests"];

    [Fact]
    public void The_map_names_the_rooms_that_exist()
    {
        Assert.NotEmpty(RoomTable.MayUse);
        Assert.Equal(RoomTable.MayUse.Keys.Order(), Repository.Rooms.Order());
    }

    [Fact]
    public void No_room_references_another_than_its_row_names()
    {
        IEnumerable<string> edges = from room in Repository.Rooms
                                    from used in new ProjectFile("src", room).References
                                    where !RoomTable.MayUse[room].Contains(used)
                                    select $"{room} -> {used}";
        Findings.None(edges, "A room uses only the rooms that its row in src/README.md names");
    }

    [Fact]
    public void A_room_that_may_use_only_values_opens_no_view()
    {
        HashSet<string> views = [.. from file in Repository.Sources("src/Cgn.Wire")
                                    let name = System.IO.Path.GetFileNameWithoutExtension(file)
                                    where name.EndsWith("View", StringComparison.Ordinal)
                                    select name];
        Assert.NotEmpty(views);
        IEnumerable<string> uses = from room in Repository.Rooms
                                   where RoomTable.ValuesOnly[room].Contains("Cgn.Wire")
                                   from file in Repository.Sources($"src/{room}")
                                   from Match word in Word().Matches(Repository.Read(file))
                                   where views.Contains(word.Value)
                                   select $"{file}: {word.Value}";
        Findings.None(uses.Distinct(), "A room that may use only Wire's values opens no view");
    }

    [Fact]
    public void Code_is_unsafe_in_two_rooms_only()
    {
        IEnumerable<string> allowing = from room in Repository.Rooms
                                       where new ProjectFile("src", room).Property("AllowUnsafeBlocks") == "true"
                                       select room;
        Assert.Equal(s_unsafe, allowing.Order());
    }

    [Fact]
    public void The_packet_path_has_no_package_at_run_time()
    {
        IEnumerable<string> packages = from room in s_packetPath
                                       from package in new ProjectFile("src", room).Packages
                                       select $"{room}: {package}";
        Findings.None(packages, "The packet path runs without packages");
    }

    [Fact]
    public void Every_room_has_its_tests_and_every_test_project_its_room()
    {
        IEnumerable<string> expected = Repository.Rooms.Select(room => room + ".Tests").Concat(s_withoutRoom);
        IEnumerable<string> actual = Repository.TestProjects
            .Where(name => name.EndsWith(".Tests", StringComparison.Ordinal));
        Assert.Equal(expected.Order(), actual.Order());
    }

    [Fact]
    public void Every_test_project_references_the_room_that_it_tests()
    {
        IEnumerable<string> without = from room in Repository.Rooms
                                      where !new ProjectFile("tests", room + ".Tests").References.Contains(room)
                                      select room + ".Tests";
        Findings.None(without, "A test project references the room that it tests");
    }

    [Fact]
    public void Every_project_stands_in_the_solution_and_has_a_lock_file()
    {
        string solution = Repository.Read("Cgn.sln").Replace('\\', '/');
        foreach (string project in Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            Assert.Contains(project, solution, StringComparison.Ordinal);
            string folder = project[..project.LastIndexOf('/')];
            Assert.Contains($"{folder}/packages.lock.json", Repository.Files);
        }
    }

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Word();
}
