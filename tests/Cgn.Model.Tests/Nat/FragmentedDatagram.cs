using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;

namespace Cgn.Model.Tests.Nat;

/// <summary>What is known of an IPv4 datagram that comes in fragments.</summary>
internal sealed class FragmentedDatagram
{
    /// <summary>Disjoint stretches of a datagram that are kept apart at most.</summary>
    public const int StretchesMax = 16;

    public required uint FirstSeen { get; init; }

    public DropReason Refusal { get; set; }

    /// <summary>Why the first was refused, where that may not count for the others.</summary>
    public DropReason? RefusedSomewhere { get; set; }

    /// <summary>Its first fragment's ports, null until it has come.</summary>
    public (ushort Source, ushort Destination)? Ports { get; set; }

    public List<Parcel> Held { get; } = [];

    public List<(int From, int To, bool IsLast)> Pieces { get; } = [];

    /// <summary>The identification that all of its fragments leave with.</summary>
    public Unknown Identification { get; } = new();

    public DropReason Take(int from, int to, bool isLast)
    {
        int? total = Pieces.Where(piece => piece.IsLast).Select(piece => (int?)piece.To).FirstOrDefault();
        int highest = Pieces.Select(piece => piece.To).DefaultIfEmpty(0).Max();
        if (isLast ? highest > to || (total is not null && total != to) : total is not null && to > total)
            return DropReason.FragmentOverlap;
        var colliding = Pieces.Where(piece => piece.From < to && from < piece.To).ToList();
        if (colliding.Count != 0)
            return colliding.All(piece => piece == (from, to, isLast)) ? DropReason.None : DropReason.FragmentOverlap;
        if (Stretches() >= StretchesMax && !Pieces.Exists(piece => piece.To == from || piece.From == to))
            return DropReason.FragmentLimit;
        Pieces.Add((from, to, isLast));
        return DropReason.None;
    }

    private int Stretches() => Pieces.Count(piece => !Pieces.Exists(other => other.To == piece.From));
}
