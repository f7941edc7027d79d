using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.State;

namespace Cgn.Control.Api.Events;

/// <summary>Events as the API tells them: any kind, by what its fields hold.</summary>
internal static class EventText
{
    private static readonly Dictionary<EventKind, string> s_names = Enum.GetValues<EventKind>()
        .Where(static kind => kind != EventKind.None)
        .ToDictionary(static kind => kind, static kind => SnakeCase(kind.ToString()));

    /// <summary>The names of all kinds.</summary>
    public static IEnumerable<string> Names => s_names.Values;

    /// <summary>The kind's name in snake case, as in metrics; a number that has none keeps its digits.</summary>
    public static string Name(EventKind kind) =>
        s_names.TryGetValue(kind, out string? name) ? name : $"event_{(byte)kind}";

    /// <summary>The kind of a name; null for none.</summary>
    public static EventKind? KindOf(string name)
    {
        foreach ((EventKind kind, string known) in s_names)
        {
            if (known == name)
                return kind;
        }

        return null;
    }

    /// <summary>All that an event says.</summary>
    public static EventResource Of(long id, in ForwarderEvent told, ConfigSnapshot snapshot)
    {
        bool isThreshold = told.Resource != WatchedResource.None;
        bool isOfPool = told.Resource is WatchedResource.PortBlocks or WatchedResource.PoolPorts
            or WatchedResource.AddressPorts;
        bool isSession = told.Kind is EventKind.SessionOpened or EventKind.SessionClosed;
        bool hasLimit = told.Kind == EventKind.LimitHit || told.Reason != DropReason.None;
        return new EventResource
        {
            Id = id,
            Event = Name(told.Kind),
            Time = ReadMoment.Text(DateTimeOffset.FromUnixTimeMilliseconds(told.UnixMs)),
            Shard = told.Shard == ForwarderEvent.WholeGateway ? null : told.Shard,
            Sequence = told.Sequence,
            Subscriber = told.SubscriberKind == SubscriberKind.None ? null : SubscriberText.Name(
                told.SubscriberKind, told.SubscriberHigh, told.SubscriberLow, snapshot.Settings.SubscriberMaskV6),
            Kind = told.SubscriberKind == SubscriberKind.None ? null : SubscriberText.Name(told.SubscriberKind),
            ExternalIpAddress = told.ExternalAddress == 0 ? null : ReadMoment.Address(told.ExternalAddress),
            StartPortNumber = told.ExternalPort == 0 ? null : told.ExternalPort,
            EndPortNumber = told.LastPort == 0 ? null : told.LastPort,
            TransportProtocol = told.Protocol == 0 ? null : told.Protocol,
            InternalSrcAddress =
                isSession && told.InternalAddress != 0 ? ReadMoment.Address(told.InternalAddress) : null,
            InternalSrcPort = isSession ? told.InternalPort : null,
            ExternalDstAddress = isSession && told.RemoteAddress != 0 ? ReadMoment.Address(told.RemoteAddress) : null,
            ExternalDstPort = isSession && told.RemoteAddress != 0 ? told.RemotePort : null,
            Reason = hasLimit ? DropReasonText.Name(told.Reason) : null,
            Resource = isThreshold ? SnakeCase(told.Resource.ToString()) : null,
            Pool = isOfPool && told.Pool < snapshot.Pools.Length
                ? snapshot.Pools[told.Pool].Name
                : null,
            Level = isThreshold ? told.Level : null,
            Capacity = isThreshold && told.Capacity != 0 ? told.Capacity : null,
        };
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length != 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
