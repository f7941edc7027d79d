using System;
using System.IO;

using Cgn.Memory.Arenas;

using Xunit;

namespace Cgn.Memory.Tests.Arenas;

public sealed class ArenaTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-arena-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_written_into_a_section_is_there_for_the_next_process()
    {
        using (Arena arena = Arena.InDirectory(_directory))
        {
            ArenaSection section = arena.Take("numbers", 64);
            Assert.False(section.WasThere);
            NativeArray<ulong> numbers = new(section, 8);
            Assert.Equal(0ul, numbers[7]);
            numbers[7] = 42;
        }

        using Arena again = Arena.InDirectory(_directory);
        ArenaSection there = again.Take("numbers", 64);
        Assert.True(there.WasThere);
        Assert.Equal(42ul, new NativeArray<ulong>(there, 8)[7]);
    }

    [Fact]
    public void Section_of_another_size_is_refused_with_both_sizes()
    {
        using (Arena arena = Arena.InDirectory(_directory))
            arena.Take("records", 4096);
        using Arena again = Arena.InDirectory(_directory);
        IOException refusal = Assert.Throws<IOException>(() => again.Take("records", 8192));
        Assert.Contains("4096", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("8192", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Private_memory_is_zero_and_leaves_no_file()
    {
        using Arena arena = Arena.Private();
        NativeArray<ulong> numbers = new(arena.Take("numbers", 4096), 512);
        for (uint i = 0; i < 512; i++)
            Assert.Equal(0ul, numbers[i]);
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public void Nothing_can_be_taken_after_the_start()
    {
        using Arena arena = Arena.Private();
        arena.Seal();
        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => arena.Take("late", 64));
        Assert.Contains("late", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Pages_that_are_taken_at_once_keep_what_is_in_them()
    {
        Skip.If(!OperatingSystem.IsLinux() || Environment.OSVersion.Version < new Version(5, 14), "Linux before 5.14");
        using (Arena arena = Arena.InDirectory(_directory))
        {
            NativeArray<ulong> numbers = new(arena.Take("kept", 8 << 20), 1 << 20);
            numbers[1 << 19] = 7;
            Assert.True(arena.TryPopulate());
            Assert.Equal(7UL, numbers[1 << 19]);
            Assert.Equal(0UL, numbers[(1 << 20) - 1]);
        }

        using Arena again = Arena.InDirectory(_directory);
        NativeArray<ulong> found = new(again.Take("kept", 8 << 20), 1 << 20);
        Assert.True(again.TryPopulate());
        Assert.Equal(7UL, found[1 << 19]);
    }

    [Fact]
    public void Element_outside_an_array_is_never_touched()
    {
        using Arena arena = Arena.Private();
        NativeArray<ulong> numbers = new(arena.Take("numbers", 64), 8);
        Assert.Throws<InvalidOperationException>(() => numbers[8] = 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NativeArray<ulong>(new ArenaSection(0, 63, false), 8));
    }

    [Fact]
    public void Reader_of_an_absent_or_empty_section_is_told_so()
    {
        string path = Arena.PathOf(_directory, "none");
        Assert.ThrowsAny<IOException>(() => NativeRegion.ReadOnlyFile(path));
        File.WriteAllBytes(path, []);
        IOException refusal = Assert.Throws<IOException>(() => NativeRegion.ReadOnlyFile(path));
        Assert.Contains("empty", refusal.Message, StringComparison.Ordinal);
    }
}
