using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// A mapping of the configuration file: its keys are the properties with a <see cref="KeyAttribute"/>.
/// </summary>
public abstract class ConfigSection
{
    private readonly Dictionary<(string Property, int Item), Place> _places = [];

    /// <summary>Where the section begins.</summary>
    public Place Place { get; internal set; }

    /// <summary>No key is missing and no value was refused, so that its values can be compared with others.</summary>
    public bool IsWhole { get; internal set; } = true;

    /// <summary>Where the value of a key stands; where the section begins when the key was left out.</summary>
    /// <param name="property">The property's name.</param>
    /// <param name="item">Number of the item, for lists.</param>
    public Place PlaceOf(string property, int item = -1) =>
        _places.TryGetValue((property, item), out Place place) ? place
        : item >= 0 ? PlaceOf(property)
        : Place;

    /// <summary>The key is in the file, not left to its default.</summary>
    /// <param name="property">The property's name.</param>
    public bool IsGiven(string property) => _places.ContainsKey((property, -1));

    internal void SetPlace(string property, Place place, int item = -1) => _places[(property, item)] = place;
}
