using System.Collections.Generic;

using Cgn.Contract.Pools;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>The static mappings that a subscriber is to hold, in place of those that it holds.</summary>
/// <param name="Who">The subscriber.</param>
/// <param name="Mappings">All of them.</param>
internal readonly record struct HeldMappings(SubscriberId Who, IReadOnlyList<StaticMappingSection> Mappings);
