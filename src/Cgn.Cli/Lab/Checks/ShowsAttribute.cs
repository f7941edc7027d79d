using System;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// Names the requirement of the standards catalogue that a check of the lab shows, for the conformance table.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ShowsAttribute(string id) : Attribute
{
    /// <summary>The catalogue's id.</summary>
    public string Id { get; } = id;
}
