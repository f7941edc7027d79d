using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>How long RADIUS answers are waited for (RFC 5080 section 2.2.1).</summary>
public sealed class RadiusRetransmissionSection : ConfigSection
{
    /// <summary>Time until a request is sent again; each further time is twice as long, give or take a tenth.</summary>
    [Key("initial", Min = "10ms", Max = "60s")]
    public Duration Initial { get; private set; } = Duration.Seconds(2);

    /// <summary>The longest such time.</summary>
    [Key("maximum", Min = "10ms", Max = "300s")]
    public Duration Maximum { get; private set; } = Duration.Seconds(16);

    /// <summary>Time after which a server's answer is given up.</summary>
    [Key("duration", Min = "10ms", Max = "600s")]
    public Duration Duration { get; private set; } = Duration.Seconds(30);

    /// <summary>How often a request is sent at most.</summary>
    [Key("count", Min = "1", Max = "20", Unit = "transmissions")]
    public int Count { get; private set; } = 5;

    /// <summary>Unanswered transmissions after which the next server is asked, where there is one.</summary>
    [Key("failover-after", Min = "1", Max = "20", Unit = "transmissions")]
    public int FailoverAfter { get; private set; } = 2;
}
