using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where subscribers are authorised, and what happens when nobody answers.</summary>
public sealed class RadiusAuthenticationSection : RadiusServerSection
{
    /// <summary>Further servers, in the order in which they are asked.</summary>
    [Key("fallback")]
    public IReadOnlyList<RadiusServerSection> Fallback { get; private set; } = [];

    /// <summary>File whose first line is sent as User-Password, for servers that want one. Left out: none is.</summary>
    [Key("password-file")]
    public string? PasswordFile { get; private set; }

    /// <summary>
    /// What becomes of subscribers that nothing is known of when no server answers: default-plan or refuse.
    /// </summary>
    [Key("on-no-answer")]
    [Choices("default-plan", "refuse")]
    public NoAnswer OnNoAnswer { get; private set; }

    /// <summary>How long an earlier answer serves when no server answers. 0s: never.</summary>
    [Key("cache-time", Max = "30d")]
    public Duration CacheTime { get; private set; } = Duration.Seconds(86_400);

    /// <summary>For how long a rejected subscriber is not asked for again, whatever it sends.</summary>
    [Key("reject-time", Min = "1s", Max = "1d")]
    public Duration RejectTime { get; private set; } = Duration.Seconds(60);

    /// <summary>Time until a subscriber for whom no server answered is asked for again; doubles each time.</summary>
    [Key("back-off", Min = "1s", Max = "1h")]
    public Duration BackOff { get; private set; } = Duration.Seconds(30);

    /// <summary>The longest such time.</summary>
    [Key("back-off-max", Min = "1s", Max = "1d")]
    public Duration BackOffMax { get; private set; } = Duration.Seconds(600);
}
