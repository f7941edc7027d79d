using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// How fast all subscribers together may set up sessions (RFC 8512 connection-limits); each worker has its share. A
/// second's worth may come at once.
/// </summary>
public sealed class ConnectionLimitsSection : ConfigSection
{
    /// <summary>New sessions of all protocols.</summary>
    [Key("limit-per-instance")]
    public EventRate PerInstance { get; private set; }

    /// <summary>The same for each protocol by itself.</summary>
    [Key("limit-per-protocol")]
    public ProtocolRatesSection PerProtocol { get; private set; } = new();
}
