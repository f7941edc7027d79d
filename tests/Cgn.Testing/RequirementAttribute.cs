using System;
using System.Collections.Generic;

using Xunit.Sdk;

namespace Cgn.Testing;

/// <summary>
/// Names the requirement of the standards catalogue that a test proves, such as <c>RFC4787-REQ-5c</c>.
/// One test may carry several; the conformance table is made from these.
/// </summary>
[TraitDiscoverer("Cgn.Testing.RequirementDiscoverer", "Cgn.Testing")]
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequirementAttribute(string id) : Attribute, ITraitAttribute
{
    /// <summary>The catalogue's id.</summary>
    public string Id { get; } = id;
}

/// <summary>Makes the requirement's id a trait, so that runners can filter and list by it.</summary>
public sealed class RequirementDiscoverer : ITraitDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> GetTraits(Xunit.Abstractions.IAttributeInfo traitAttribute)
    {
        foreach (object? argument in traitAttribute.GetConstructorArguments())
            yield return new KeyValuePair<string, string>("Requirement", (string)argument!);
    }
}
