using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>What subscribers of a plan with walled-garden: true reach, and where their web requests are sent.</summary>
public sealed class WalledGardenSection : ConfigSection
{
    /// <summary>Absolute http or https URL that requests to port 80 are redirected to.</summary>
    [Key("portal", Required = true)]
    public WebAddress Portal { get; private set; }

    /// <summary>Destinations that are translated as ever, the portal's among them.</summary>
    [Key("allow", Required = true)]
    public IReadOnlyList<Ipv4PrefixValue> Allow { get; private set; } = [];

    /// <summary>Port 53 is among them wherever it is, by UDP and TCP.</summary>
    [Key("allow-dns")]
    public bool AllowDns { get; private set; } = true;

    /// <summary>
    /// Name under which the portal is told in its query what was asked for. Left out: it is not told.
    /// </summary>
    [Key("original-url")]
    public string? OriginalUrl { get; private set; }

    /// <summary>
    /// TCP segments that the gateway answers itself; a subscriber has an eighth for long. More stay unanswered.
    /// </summary>
    [Key("answers-per-second", Min = "1/s")]
    public EventRate AnswersPerSecond { get; private set; } = new(10_000);
}
