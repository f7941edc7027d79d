using System;

using Cgn.Memory.Frames;

namespace Cgn.Softwire;

/// <summary>
/// The chunks that packets in pieces lie in: each packet has places for as many as its largest size takes, and a place
/// has a chunk once something lies there. Whoever fills a packet in any order takes no more than it fills.
/// </summary>
internal sealed class ChunkChains
{
    private readonly FramePool _pool;
    // Number of the chunk and one, so that 0 is an empty place.
    private readonly uint[] _places;

    public ChunkChains(FramePool pool, int packets, int placesEach)
    {
        _pool = pool;
        PlacesEach = placesEach;
        _places = GC.AllocateArray<uint>((packets + 1) * placesEach, pinned: true);
    }

    public int PlacesEach { get; }

    /// <summary>Chunks that lie in any place.</summary>
    public int Held { get; private set; }

    /// <summary>A packet's chunk at a place that has one.</summary>
    public uint this[int packet, int place] => _places[(packet * PlacesEach) + place] - 1;

    public bool Has(int packet, int place) => _places[(packet * PlacesEach) + place] != 0;

    /// <summary>Places from one to another, both counted, that have no chunk yet.</summary>
    public int Missing(int packet, int first, int last)
    {
        int missing = 0;
        for (int place = first; place <= last; place++)
            missing += Has(packet, place) ? 0 : 1;
        return missing;
    }

    /// <summary>Gives a chunk to an empty place.</summary>
    public void Put(int packet, int place, uint chunk)
    {
        _places[(packet * PlacesEach) + place] = chunk + 1;
        Held++;
    }

    /// <summary>Empties all of a packet's places: the first chunk goes to the caller, the others to the pool.</summary>
    /// <param name="packet">A packet with a chunk at least.</param>
    /// <param name="given">Chunks that lay there.</param>
    public uint Clear(int packet, out int given)
    {
        uint kept = 0;
        given = 0;
        foreach (ref uint place in _places.AsSpan(packet * PlacesEach, PlacesEach))
        {
            if (place == 0)
                continue;
            if (given++ == 0)
                kept = place - 1;
            else
                _pool.Return(place - 1);
            place = 0;
        }

        Held -= given;
        return kept;
    }
}
