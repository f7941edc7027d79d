namespace Cgn.Control.Configuration.Values;

/// <summary>A value that is more or less than another of its type.</summary>
public interface IQuantity
{
    /// <summary>How much, in the type's own unit.</summary>
    decimal Magnitude { get; }
}
