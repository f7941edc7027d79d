using System.Collections.Generic;

namespace Cgn.Control.Configuration.Model;

/// <summary>Who has which policy.</summary>
public sealed class SubscribersSection : ConfigSection
{
    /// <summary>
    /// Plan of whoever nothing else matches; with radius.authentication, of whoever a server accepts without a
    /// Filter-Id. Left out: they are refused.
    /// </summary>
    [Key("default-plan")]
    public string? DefaultPlan { get; private set; }

    /// <summary>Subscribers by address; the longest prefix that matches wins.</summary>
    [Key("static")]
    public IReadOnlyList<StaticSubscriberSection> Static { get; private set; } = [];
}
