using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>The file of static mappings that were made at run time.</summary>
public sealed class RuntimeMappingsSection : ConfigSection
{
    /// <summary>As nat-policy.static-mappings.</summary>
    [Key("static-mappings")]
    public IReadOnlyList<StaticMappingSection> StaticMappings { get; private set; } = [];
}
