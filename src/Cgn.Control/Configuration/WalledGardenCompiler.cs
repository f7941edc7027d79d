using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Checks;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration;

/// <summary>Makes of the walled garden's section what the forwarder asks.</summary>
internal static class WalledGardenCompiler
{
    public static WalledGardenSettings Of(WalledGardenSection? garden) => garden is null ? new() : new()
    {
        Portal = garden.Portal.Text,
        Allow = [.. garden.Allow.Select(static allowed => AddressSpace.Setting(allowed.Prefix))],
        AllowDns = garden.AllowDns,
        OriginalUrlKey = garden.OriginalUrl ?? "",
        AnswersPerSecond = (int)garden.AnswersPerSecond.PerSecond,
    };
}
