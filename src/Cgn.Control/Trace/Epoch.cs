using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.State;

namespace Cgn.Control.Trace;

/// <summary>
/// A configuration that was in force from a time on, as far as it says who holds which ports (RFC 7422 section 3): one
/// JSON object a line.
/// </summary>
/// <param name="Time">From when on, UTC.</param>
/// <param name="Event">Always "epoch", to tell these lines from others in the block log.</param>
/// <param name="Gateway">The gateway's name.</param>
/// <param name="Generation">Generation of the configuration.</param>
/// <param name="Mode">"deterministic" or "port-set".</param>
/// <param name="SubscriberMaskV6">Bits of a B4's address that name the subscriber.</param>
/// <param name="InsideIpv4">NAT444 customers (I).</param>
/// <param name="InsideIpv6">B4s (I).</param>
/// <param name="Pools">Pools.</param>
/// <param name="StaticMappings">
/// Ports that the configuration gives away; of a change those that it gives away since then.
/// </param>
/// <param name="StaticMappingsEnded">
/// Null where all that is in force stands in this line. Else it differs from the line before in static mappings alone,
/// and these are given away no more: many are not written anew for each one that comes or goes.
/// </param>
public sealed record Epoch(
    string Time, string Event, string Gateway, uint Generation, string Mode, int SubscriberMaskV6,
    IReadOnlyList<string> InsideIpv4, IReadOnlyList<string> InsideIpv6, IReadOnlyList<EpochPool> Pools,
    IReadOnlyList<EpochMapping> StaticMappings, IReadOnlyList<EpochMapping>? StaticMappingsEnded = null)
{
    /// <summary>What <see cref="Event"/> holds.</summary>
    public const string EventName = "epoch";

    private const string Deterministic = "deterministic";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Ports are computed, not logged.</summary>
    public bool IsDeterministic() => Mode == Deterministic;

    /// <summary>It says what has changed in static mappings since the line before, and no more.</summary>
    public bool IsChange() => StaticMappingsEnded is not null;

    /// <summary>The same as a change.</summary>
    /// <param name="before">The epoch before; both are whole.</param>
    /// <returns>Null where they differ in more than static mappings.</returns>
    internal Epoch? Since(Epoch before)
    {
        if ((this with { Time = "", Generation = 0, StaticMappings = [] }).ToLine()
            != (before with { Time = "", Generation = 0, StaticMappings = [] }).ToLine())
        {
            return null;
        }

        HashSet<EpochMapping> now = [.. StaticMappings];
        HashSet<EpochMapping> then = [.. before.StaticMappings];
        return this with
        {
            StaticMappings = [.. StaticMappings.Where(one => !then.Contains(one))],
            StaticMappingsEnded = [.. before.StaticMappings.Where(one => !now.Contains(one))],
        };
    }

    /// <summary>The epoch that a configuration begins.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="time">When.</param>
    public static Epoch Of(ConfigSnapshot snapshot, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        int mask = snapshot.Settings.SubscriberMaskV6;
        return new Epoch(
            UtcText.Of(time), EventName, snapshot.Name, snapshot.Generation,
            snapshot.Settings.PortAllocation == PortAllocationType.Deterministic ? Deterministic : "port-set", mask,
            [.. snapshot.Nat444Sources.Select(EpochPool.Text)], [.. snapshot.SoftwireSources.Select(EpochPool.Text)],
            [.. snapshot.Pools.Select(EpochPool.Of)],
            [.. snapshot.StaticMappings.Select(mapping => Of(mapping, mask))]);
    }

    /// <summary>One line of JSON, without its end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads a line; false when it is no epoch.</summary>
    public static bool TryRead(string line, out Epoch? epoch)
    {
        try
        {
            epoch = JsonSerializer.Deserialize<Epoch>(line, s_json);
            return epoch?.Event == EventName;
        }
        catch (JsonException)
        {
            epoch = null;
            return false;
        }
    }

    /// <summary>Both mapping functions as they were.</summary>
    public PortPlan ToPlan() => new(new ConfigSnapshot
    {
        Settings = new GatewaySettings
        {
            PortAllocation = PortAllocationType.Deterministic,
            SubscriberMaskV6 = SubscriberMaskV6,
        },
        Nat444Sources = [.. InsideIpv4.Select(EpochPool.Ipv4)],
        SoftwireSources = [.. InsideIpv6.Select(EpochPool.Setting)],
        Pools = [.. Pools.Select(static pool => pool.ToSettings())],
    });

    private static EpochMapping Of(StaticMapping mapping, int mask) => new(
        SubscriberText.Name(
            mapping.IsDsLite ? SubscriberKind.DsLite : SubscriberKind.Nat444, mapping.SubscriberHigh,
            mapping.SubscriberLow, mask),
        mapping.Protocol, new Wire.Ipv4Address(mapping.ExternalAddress).ToString(), mapping.ExternalPort);
}
