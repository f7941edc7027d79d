using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration;

/// <summary>Makes of access lists what the forwarder asks.</summary>
internal static class AccessListCompiler
{
    public static AccessRule[] Rules(IReadOnlyList<AccessRuleSection> rules) =>
        [.. rules.Select(static rule => new AccessRule(Prefix(rule.Source), Prefix(rule.Destination)))];

    private static Ipv4PrefixSetting Prefix(Ipv4PrefixValue? prefix) =>
        prefix is { } some ? AddressSpace.Setting(some.Prefix) : default;
}
