using System;

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
