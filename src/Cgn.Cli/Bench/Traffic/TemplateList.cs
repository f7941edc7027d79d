using Cgn.Memory;
using Cgn.Memory.Arenas;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>Templates in the order in which their packets are sent.</summary>
internal sealed class TemplateList
{
    private readonly NativeArray<FlowTemplate> _templates;

    /// <summary>Takes the memory.</summary>
    public TemplateList(Arena memory, string name, uint capacity) =>
        _templates = new NativeArray<FlowTemplate>(
            memory.Take(name, ((nuint)capacity + 1) * FlowTemplate.SizeBytes), capacity);

    /// <summary>Templates in it.</summary>
    public uint Count { get; private set; }

    /// <summary>A template, 0 to <see cref="Count"/> - 1.</summary>
    public ref FlowTemplate this[uint index] => ref _templates[index];

    /// <summary>Appends one.</summary>
    public void Add(in FlowTemplate template) => _templates[Count++] = template;

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Puts them into a random order, each equally likely but for the bias of the generator.</summary>
    public void Shuffle(ulong seed)
    {
        Prng chance = new(seed);
        for (uint i = Count; i > 1; i--)
        {
            uint other = chance.Below(i);
            (_templates[i - 1], _templates[other]) = (_templates[other], _templates[i - 1]);
        }
    }
}
