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

    /// <summary>
    /// Frames made of a template: 2 when its softwire packet is cut into two IPv6 fragments.
    /// </summary>
    public int FramesPerTemplate { get; set; } = 1;

    /// <summary>A template, 0 to <see cref="Count"/> - 1.</summary>
    public ref FlowTemplate this[uint index] => ref _templates[index];

    /// <summary>Appends one.</summary>
    public void Add(in FlowTemplate template) => _templates[Count++] = template;

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Puts them into a random order, each equally likely but for the bias of the generator.</summary>
    /// <param name="seed">Another seed, another order.</param>
    /// <param name="together">Templates that follow each other and are to stay so: the fragments of a packet.</param>
    public void Shuffle(ulong seed, uint together = 1)
    {
        Prng chance = new(seed);
        for (uint i = Count / together; i > 1; i--)
        {
            uint one = (i - 1) * together;
            uint other = chance.Below(i) * together;
            for (uint k = 0; k < together; k++)
                (_templates[one + k], _templates[other + k]) = (_templates[other + k], _templates[one + k]);
        }
    }
}
