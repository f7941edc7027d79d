using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>What is recorded of blocks and sessions, and where (RFC 6888 REQ-12, RFC 6302).</summary>
public sealed class LoggingSection : ConfigSection
{
    /// <summary>
    /// File of one JSON object a line for each block given out or taken back; appended to, opened anew on
    /// SIGHUP and, without a look at the configuration, on SIGUSR1.
    /// </summary>
    [Key("block-log")]
    public string? BlockLog { get; private set; }

    /// <summary>Data base of who held which public address and port.</summary>
    [Key("store")]
    public StoreSection? Store { get; private set; }

    /// <summary>Syslog receiver (RFC 5424).</summary>
    [Key("syslog")]
    public SyslogSection? Syslog { get; private set; }

    /// <summary>IPFIX collector (RFC 7011, RFC 8158).</summary>
    [Key("ipfix")]
    public IpfixSection? Ipfix { get; private set; }

    /// <summary>Every session is recorded, not only port blocks.</summary>
    [Key("sessions")]
    public bool Sessions { get; private set; }

    /// <summary>
    /// Sessions are recorded with the remote address and port too (RFC 6888 REQ-12 advises against it; laws differ).
    /// </summary>
    [Key("destinations")]
    public bool Destinations { get; private set; }

    /// <summary>
    /// How often a block that stays with its subscriber is recorded again, so that a log can be cut off. 0s: never.
    /// </summary>
    [Key("block-interim-interval", Max = "30d")]
    public Duration BlockInterimInterval { get; private set; }

    /// <summary>
    /// What becomes of records that can't be written: they wait, 65,536 for each worker, and then block gives out no
    /// new port block until they can be; drop gives up what can't be written, and counts it.
    /// </summary>
    [Key("on-overflow")]
    [Choices("block", "drop")]
    public OverflowPolicy OnOverflow { get; private set; }
}
