using System;
using System.IO;

using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

using Xunit;

namespace Cgn.Memory.Tests.Arenas;

/// <summary>Changes that a killed process has not finished, as the next one finds them.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_not_committed_is_undone_field_by_field_and_its_neighbours_stay()
    {
        using (Process killed = new(_folder))
        {
            killed.Words[0] = 0x1111_2222_3333_4444;
            ref ushort field = ref killed.Field(1);
            killed.Journal.Save(ref field);
            field = 0xAAAA;
            killed.Journal.Save(ref killed.Words[1]);
            killed.Words[1] = 7;
            killed.Words[1] = 8;
            // A neighbour in the same word, which is nobody's change.
            killed.Field(0) = 0x5555;
        }

        using Process next = new(_folder);
        Assert.Equal(0x1111_2222_3333_5555u, next.Words[0]);
        Assert.Equal(0u, next.Words[1]);
        Assert.False(next.Journal.IsOpen);
        Assert.False(next.Journal.IsDistrusted);
    }

    [Fact]
    public void What_was_committed_stays()
    {
        using (Process killed = new(_folder))
        {
            killed.Journal.Save(ref killed.Words[3]);
            killed.Words[3] = 9;
            killed.Journal.Commit();
        }

        using Process next = new(_folder);
        Assert.Equal(9u, next.Words[3]);
    }

    [Fact]
    public void A_word_of_no_registered_section_is_not_guessed_at()
    {
        using Arena other = Arena.Private();
        using (Process killed = new(_folder))
        {
            NativeArray<ulong> stranger = new(other.Take("stranger", 64), 8);
            killed.Journal.Save(ref stranger[0]);
        }

        using Process next = new(_folder);
        Assert.True(next.Journal.IsDistrusted);
    }

    [Fact]
    public void An_entry_of_a_ring_is_told_if_and_only_if_its_change_was_committed()
    {
        using (Process killed = new(_folder))
        {
            Assert.True(killed.Ring.TryStage(1, killed.Journal));
            killed.Journal.Commit();
            // Killed before it was published; and another one before it was committed.
            Assert.True(killed.Ring.TryStage(2, killed.Journal));
        }

        using (Process next = new(_folder))
        {
            Assert.Equal(1, next.Ring.Depth);
            Assert.True(next.Ring.TryStage(3, next.Journal));
            next.Journal.Commit();
            next.Ring.Publish();
            long[] told = new long[4];
            Assert.Equal(2, next.Ring.Read(told));
            Assert.Equal([1, 3], told[..2]);
        }

        using Process last = new(_folder);
        Assert.Equal(0, last.Ring.Depth);
    }

    private sealed class Process : IDisposable
    {
        private readonly Arena _arena;

        internal Process(string folder)
        {
            _arena = Arena.InDirectory(folder);
            Journal = new Journal(_arena.Take("journal", Journal.SizeBytes));
            ArenaSection words = _arena.Take("words", 64);
            Words = new NativeArray<ulong>(words, 8);
            Fields = new NativeArray<ushort>(words, 32);
            Ring = new SpscRing<long>(_arena.Take("ring", SpscRing<long>.BytesFor(8)), 8);
            Journal.Register(words);
            Journal.Register(Ring.Section);
            Journal.Recover();
            Ring.Resume();
        }

        internal Journal Journal { get; }

        internal NativeArray<ulong> Words { get; }

        internal SpscRing<long> Ring { get; }

        private NativeArray<ushort> Fields { get; }

        public void Dispose() => _arena.Dispose();

        internal ref ushort Field(uint number) => ref Fields[number];
    }
}
