using System;
using System.IO;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Policy;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius;

/// <summary>
/// Static mappings of sessions that outlived the control plane: they stand in the first configuration that the
/// forwarder gets, so that it never ends them in between.
/// </summary>
internal static class RecoveredMappings
{
    /// <summary>Has the sessions that are kept hold what they were granted.</summary>
    /// <param name="mappings">Where they hold it.</param>
    /// <param name="settings">The configuration; without RADIUS there are no sessions.</param>
    /// <exception cref="SystemRefusedException">The file of sessions can't be read.</exception>
    public static void Into(RuntimeMappings mappings, ControlSettings settings)
    {
        GatewayOptions options = settings.Options;
        if (options.Radius is null)
            return;
        string path = RadiusSettingsReader.SessionsFile(settings.Directory.Path);
        PolicyReader plans = new(name => options.Plans.Any(plan => plan.Id == name));
        try
        {
            foreach (RadiusSession session in SessionFile.Peek(path, RadiusSettingsReader.MaskBits(options)))
            {
                if (plans.Read(session.Attributes, out SubscriberPolicy policy, out _) == ErrorCause.None
                    && ForwardingMaps.TryMake(session.Who, policy.Forwardings, out var made) is null)
                {
                    mappings.Sessions.Resume(new HeldMappings(session.Who.Key, made));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"radius: {path} can't be read: {error.Message}", error);
        }
    }
}
