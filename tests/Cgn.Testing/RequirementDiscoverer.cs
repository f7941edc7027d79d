using System.Collections.Generic;

using Xunit.Abstractions;
using Xunit.Sdk;

namespace Cgn.Testing;

/// <summary>Makes the requirement's id a trait, so that runners can filter and list by it.</summary>
public sealed class RequirementDiscoverer : ITraitDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute)
    {
        foreach (object? argument in traitAttribute.GetConstructorArguments())
            yield return new KeyValuePair<string, string>("Requirement", (string)argument!);
    }
}
