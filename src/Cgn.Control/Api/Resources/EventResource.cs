using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>Something that the forwarder told. What a kind of event does not say is left out.</summary>
public sealed record EventResource
{
    /// <summary>Counts up in the stream; gaps are what the filter passed over or the client missed.</summary>
    public required long Id { get; init; }

    /// <summary>The kind, such as block_allocated, limit_hit or threshold_crossed.</summary>
    public required string Event { get; init; }

    /// <summary>When.</summary>
    public required string Time { get; init; }

    /// <summary>Shard that told it; null where it is about the gateway as a whole.</summary>
    public int? Shard { get; init; }

    /// <summary>Its number among the events of its shard, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required ulong Sequence { get; init; }

    /// <summary>The subscriber that it is about.</summary>
    public string? Subscriber { get; init; }

    /// <summary>ds-lite or nat444.</summary>
    public string? Kind { get; init; }

    /// <summary>External address.</summary>
    public string? ExternalIpAddress { get; init; }

    /// <summary>First external port, or the only one.</summary>
    public int? StartPortNumber { get; init; }

    /// <summary>Last external port of a block.</summary>
    public int? EndPortNumber { get; init; }

    /// <summary>Number of the protocol.</summary>
    public int? TransportProtocol { get; init; }

    /// <summary>Internal address of a session.</summary>
    public string? InternalSrcAddress { get; init; }

    /// <summary>Internal port of a session.</summary>
    public int? InternalSrcPort { get; init; }

    /// <summary>Remote address of a session.</summary>
    public string? ExternalDstAddress { get; init; }

    /// <summary>Remote port of a session.</summary>
    public int? ExternalDstPort { get; init; }

    /// <summary>Which limit was met: a reason of drops.</summary>
    public string? Reason { get; init; }

    /// <summary>Which resource a threshold is about.</summary>
    public string? Resource { get; init; }

    /// <summary>The pool that a threshold is about.</summary>
    public string? Pool { get; init; }

    /// <summary>How much of the resource is in use.</summary>
    public uint? Level { get; init; }

    /// <summary>How much of it there is; of one subscriber's use the threshold that it has reached.</summary>
    public uint? Capacity { get; init; }
}
