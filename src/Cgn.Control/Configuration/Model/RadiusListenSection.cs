using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where changes and disconnections come from (RFC 5176).</summary>
public sealed class RadiusListenSection : ConfigSection
{
    /// <summary>Address and port to listen on; the port is 3799 by convention.</summary>
    [Key("listen", Required = true)]
    public HostPort Listen { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";

    /// <summary>Who may send. Left out: the authentication and accounting servers.</summary>
    [Key("clients")]
    public IReadOnlyList<RadiusClientSection> Clients { get; private set; } = [];

    /// <summary>How old a request's Event-Timestamp may be, and for how long requests are remembered.</summary>
    [Key("window", Min = "10s", Max = "1h")]
    public Duration Window { get; private set; } = Duration.Seconds(300);

    /// <summary>Requests without an Event-Timestamp are discarded.</summary>
    [Key("require-event-timestamp")]
    public bool RequireEventTimestamp { get; private set; }

    /// <summary>Requests without a Message-Authenticator are discarded.</summary>
    [Key("require-message-authenticator")]
    public bool RequireMessageAuthenticator { get; private set; }
}
