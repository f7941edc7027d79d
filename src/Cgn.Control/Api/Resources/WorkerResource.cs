using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>One worker and its shard.</summary>
public sealed record WorkerResource
{
    /// <summary>Number of the shard.</summary>
    public required int Shard { get; init; }

    /// <summary>Processor that it is bound to; null: none.</summary>
    public int? Cpu { get; init; }

    /// <summary>Frames taken from ports, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long Received { get; init; }

    /// <summary>Frames given to ports.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long Transmitted { get; init; }

    /// <summary>Frames dropped.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long Dropped { get; init; }

    /// <summary>Part of its time in which it had frames, 0 to 1.</summary>
    public required double BusyRatio { get; init; }

    /// <summary>Frames a busy turn.</summary>
    public required double BatchSize { get; init; }

    /// <summary>Frames given to other workers.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long HandoffsSent { get; init; }

    /// <summary>Frames taken from other workers.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long HandoffsReceived { get; init; }

    /// <summary>Events that wait for the control plane.</summary>
    public required int EventsWaiting { get; init; }

    /// <summary>Events that the ring holds.</summary>
    public required int EventsCapacity { get; init; }

    /// <summary>Events lost because the ring was full.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long EventsLost { get; init; }

    /// <summary>Subscriber records now.</summary>
    public required long Subscribers { get; init; }

    /// <summary>Seconds since it started.</summary>
    public required double AliveSeconds { get; init; }
}
