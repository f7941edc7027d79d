using System;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Control.Radius;

/// <summary>Tells the operator what subscribers would otherwise be the first to notice.</summary>
/// <param name="section">The configuration.</param>
/// <param name="log">Where to.</param>
internal sealed class RadiusWatch(RadiusSection section, OperatorLog log)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private long _unsigned;
    private long _quietUntil;
    private long _refused;
    private long _refusedQuietUntil;
    private bool _isAuthenticationSilent;
    private bool _isAccountingSilent;

    /// <summary>Looks at the counters, about once a second.</summary>
    /// <param name="gateway">Where they are.</param>
    /// <param name="nowMs">Any clock that doesn't go back, in milliseconds.</param>
    public void Look(RadiusGateway gateway, long nowMs)
    {
        long unsigned = gateway.Statistics[RadiusCounter.RepliesUnsigned];
        if (unsigned != _unsigned && nowMs >= _quietUntil)
        {
            log.Warn($"radius: {unsigned - _unsigned} answers without Message-Authenticator were ignored, since "
                + "anybody can forge them (CVE-2024-3596); have the server sign its answers, or set "
                + "require-message-authenticator: false for one that is too old to");
            (_unsigned, _quietUntil) = (unsigned, nowMs + (long)s_interval.TotalMilliseconds);
        }

        (long refused, string last) = gateway.Statistics.Refusals;
        if (refused != _refused && nowMs >= _refusedQuietUntil)
        {
            log.Warn($"radius: answers or changes that could not be followed: {refused - _refused}, the last for "
                + last);
            (_refused, _refusedQuietUntil) = (refused, nowMs + (long)s_interval.TotalMilliseconds);
        }

        if (section.Authentication is not null)
            Tell("authentication", gateway.AuthenticationServersAlive == 0, ref _isAuthenticationSilent);
        if (section.Accounting is not null)
            Tell("accounting", gateway.AccountingServersAlive == 0, ref _isAccountingSilent);
    }

    private void Tell(string purpose, bool isSilent, ref bool wasSilent)
    {
        if (isSilent && !wasSilent)
            log.Warn($"radius: no server for {purpose} answers; cgn_radius_* count what becomes of it");
        else if (!isSilent && wasSilent)
            log.Info($"radius: a server for {purpose} answers again");
        wasSilent = isSilent;
    }
}
