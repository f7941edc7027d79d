using System.Collections.Generic;
using System.Globalization;

using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>What keeps the gateway from being healthy, or ready, in words.</summary>
/// <param name="attachment">The forwarder's state.</param>
/// <param name="pump">What records events.</param>
/// <param name="statistics">The forwarder as a process.</param>
internal sealed class Health(GatewayAttachment attachment, EventPump pump, ForwarderStatistics statistics)
{
    // Ten times as long as the forwarder takes between two signs of life.
    private const double HeartbeatAgeMax = 2;

    /// <summary>
    /// Why the control plane is not healthy, so that to start it again would help; empty when it is. The forwarder has
    /// no part in it: it goes on by itself.
    /// </summary>
    public IReadOnlyList<string> Ills() =>
        pump.ExecuteTask is { IsCompleted: true } ? ["events are no longer recorded"] : [];

    /// <summary>Why the gateway is not ready to carry traffic for new subscribers; empty when it is.</summary>
    public IReadOnlyList<string> Obstacles()
    {
        List<string> obstacles = [.. Ills()];
        if (!statistics.IsReady)
            obstacles.Add("no forwarder");
        double? age = attachment.Read(static double? (view) => new GatewaySample(view).HeartbeatAgeSeconds);
        if (age is > HeartbeatAgeMax)
        {
            obstacles.Add(string.Create(
                CultureInfo.InvariantCulture, $"the forwarder's last sign of life was {age:0.0} seconds ago"));
        }

        foreach ((string sink, SinkStatistics done) in pump.Statistics)
        {
            if (!done.CanWrite)
                obstacles.Add($"{sink} can't be written");
        }

        return obstacles;
    }
}
