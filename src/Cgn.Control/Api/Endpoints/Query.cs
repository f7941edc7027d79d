using System.Globalization;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Records;
using Cgn.Control.Configuration.Values;
using Cgn.Control.State;
using Cgn.Control.State.Listings;

namespace Cgn.Control.Api.Endpoints;

/// <summary>Reads parameters; what is wrong with one is said with its name.</summary>
internal static class Query
{
    public const int LimitMax = 1000;
    private const int LimitDefault = 100;

    public static int Limit(string? text) => Number("limit", text, 1, LimitMax, LimitDefault);

    public static int Number(string name, string? text, int least, int most, int usual)
    {
        if (text is null)
            return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= most
                ? value
                : throw ApiProblem.BadRequest($"{name}: '{text}' is no number of {least} to {most}");
    }

    public static RecordCursor Cursor(string? text)
    {
        if (text is null)
            return RecordCursor.Start;
        return RecordCursor.TryParse(text, out RecordCursor cursor)
            ? cursor
            : throw ApiProblem.BadRequest(
                $"cursor: '{text}' is none; the next-cursor of the answer before would be right");
    }

    public static SubscriberMatch? Subscriber(string? text, string name = "subscriber")
    {
        if (text is null)
            return null;
        return SubscriberMatch.TryParse(text, out SubscriberMatch match, out string fault)
            ? match
            : throw ApiProblem.BadRequest($"{name}: {fault}");
    }

    public static ExternalMatch? External(string? text)
    {
        if (text is null)
            return null;
        return ExternalMatch.TryParse(text, out ExternalMatch match)
            ? match
            : throw ApiProblem.BadRequest(
                $"external: '{text}' is no IPv4 address with or without a port; 203.0.113.5:1024 would be");
    }

    public static ListingFilter Filter(string? subscriber, string? external) =>
        new(Subscriber(subscriber), External(external));

    public static byte? Protocol(string? text)
    {
        if (text is null)
            return null;
        return RecordText.ProtocolOf(text)
            ?? throw ApiProblem.BadRequest(
                $"protocol: '{text}' is none; tcp, udp, icmp or a number of 0 to 255 would be");
    }

    public static string? OneOf(string name, string? text, params string[] words) =>
        text is null || System.Array.IndexOf(words, text) >= 0
            ? text
            : throw ApiProblem.BadRequest($"{name}: '{text}' is none; {string.Join(", ", words)} would be right");
}
