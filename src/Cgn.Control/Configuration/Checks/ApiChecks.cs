using System;
using System.IO;
using System.Net;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The management interface: whoever is not on this machine comes by TLS, and says who he is.</summary>
internal static class ApiChecks
{
    public static void Run(ApiSection? api, FaultList faults)
    {
        if (api is null || !api.IsWhole)
            return;
        File(api, nameof(api.TokenFile), "api.token-file", api.TokenFile, faults);
        File(api, nameof(api.AuditLog), "api.audit-log", api.AuditLog, faults);
        File(api, nameof(api.StaticMappingsFile), "api.static-mappings-file", api.StaticMappingsFile, faults);
        if (IsLoopback(api.Listen.Host))
            return;
        if (api.Tls is null)
        {
            faults.Error(
                api.PlaceOf(nameof(api.Listen)),
                $"api.listen {api.Listen} is not the loopback, so that tokens would be read on the way; a section tls "
                + "with certificate-file and key-file is needed, or 127.0.0.1");
        }

        if (api.TokenFile is null && api.Tls?.ClientCaFile is null)
        {
            faults.Error(
                api.PlaceOf(nameof(api.Listen)),
                $"api.listen {api.Listen} is not the loopback, and everybody could ask; token-file or "
                + "tls.client-ca-file is needed, or 127.0.0.1");
        }
    }

    /// <summary>An address or name that only this machine reaches.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static void File(ApiSection api, string property, string key, string? path, FaultList faults)
    {
        if (path is not null && Path.EndsInDirectorySeparator(path))
            faults.Error(api.PlaceOf(property), $"{key} '{path}' is a directory; a file would be right");
    }
}
