using System.IO;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Logs, metrics and what else the control plane does; what is read but not done yet is said.</summary>
internal static class ServiceChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        LoggingSection logging = options.Logging;
        if (logging.BlockLog is { } path && Path.EndsInDirectorySeparator(path))
        {
            faults.Error(
                logging.PlaceOf(nameof(logging.BlockLog)),
                $"logging.block-log '{path}' is a directory; a file would be right");
        }

        if (options.Metrics is { } metrics && options.Api is { } api && metrics.IsWhole && metrics.Listen == api.Listen)
        {
            faults.Error(
                api.PlaceOf(nameof(api.Listen)),
                $"api.listen {api.Listen} is where metrics.listen is; another port would be right");
        }

        if (options.Dhcpv6 is { } dhcpv6 && options.DsLite is null)
        {
            faults.Error(
                dhcpv6.PlaceOf(nameof(dhcpv6.AftrName)),
                "dhcpv6 names an AFTR, but there is no section ds-lite; without softwires there is nothing to tell");
        }

        ApiChecks.Run(options.Api, faults);
        NotYet(logging, nameof(logging.Store), logging.Store, "logging.store", faults);
        NotYet(logging, nameof(logging.Syslog), logging.Syslog, "logging.syslog", faults);
        NotYet(logging, nameof(logging.Ipfix), logging.Ipfix, "logging.ipfix", faults);
    }

    private static void NotYet(
        ConfigSection owner, string property, ConfigSection? section, string key, FaultList faults)
    {
        if (section is not null)
            faults.Warn(owner.PlaceOf(property), $"{key} is checked, but this version does nothing with it");
    }
}
