using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Control.Radius.Packets;
using Cgn.Wire;

namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// The file behind the sessions: names, times, what was granted and what had been used, so that sessions, timeouts and
/// accounting go on when the control plane was killed.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maskBits">Bits of a B4's address that name a DS-Lite subscriber.</param>
internal sealed class SessionFile(string path, int maskBits) : IDisposable
{
    private const int Words = 16;
    private const int UsageWords = 4;

    private readonly KeyedFile _file = new(path);

    /// <summary>Sessions that were there when the file was opened; their policies are not read yet.</summary>
    public IEnumerable<RadiusSession> Recovered => Parse(_file.Recovered, maskBits);

    /// <summary>The sessions of a file that somebody else opens, which may be absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maskBits">Bits of a B4's address that name a DS-Lite subscriber.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public static IEnumerable<RadiusSession> Peek(string path, int maskBits) =>
        Parse(KeyedFile.ReadAll(path), maskBits);

    /// <summary>A session has begun, or is another now.</summary>
    /// <param name="session">The session.</param>
    /// <param name="all">All sessions, should the file be written anew.</param>
    public void Put(RadiusSession session, IReadOnlyCollection<RadiusSession> all)
    {
        _file.Put(session.Id, Text(session));
        _file.Tidy(all.Count, () => Lines(all));
    }

    /// <summary>A session has ended.</summary>
    /// <param name="session">The session.</param>
    /// <param name="left">Those that are left.</param>
    public void Remove(RadiusSession session, IReadOnlyCollection<RadiusSession> left) =>
        _file.Remove(session.Id, left.Count, () => Lines(left));

    /// <summary>Closes the file; the sessions stay in it.</summary>
    public void Dispose() => _file.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Lines(IEnumerable<RadiusSession> sessions) =>
        sessions.Select(static one => KeyValuePair.Create(one.Id, Text(one)));

    private static string Text(RadiusSession session)
    {
        SubscriberIdentity who = session.Who;
        bool isSoftwire = who.Kind == SubscriberKind.DsLite;
        long expires = session.ExpiresAt == DateTimeOffset.MaxValue ? 0 : session.ExpiresAt.ToUnixTimeMilliseconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(byte)who.Kind} {(isSoftwire ? who.B4.High : 0)} {(isSoftwire ? who.B4.Low : who.Ipv4.Value)} "
            + $"{session.Started.ToUnixTimeMilliseconds()} {expires} {(session.IsAuthenticated ? 1 : 0)} "
            + $"{(session.IsSteered ? 1 : 0)} {Text(session.Meter.Last)} {Text(session.Meter.Sum)} "
            + $"{string.Join(',', session.Attributes.Select(Text))}");
    }

    private static string Text(SubscriberUsage usage) => string.Create(
        CultureInfo.InvariantCulture,
        $"{usage.BytesUp} {usage.BytesDown} {usage.PacketsUp} {usage.PacketsDown}");

    private static string Text(RadiusAttribute one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(int)one.Type}:{one.Vendor}:{one.VendorType}:{Convert.ToBase64String(one.Value.Span)}");

    private static IEnumerable<RadiusSession> Parse(
        IEnumerable<KeyValuePair<string, string>> lines, int maskBits) =>
        lines.Select(line => Parse(line.Key, line.Value, maskBits)).OfType<RadiusSession>();

    private static RadiusSession? Parse(string id, string line, int maskBits)
    {
        string[] words = line.Split(' ');
        try
        {
            if (words.Length != Words)
                return null;
            ulong[] numbers = [.. words[..^1].Select(static word =>
                ulong.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture))];
            SubscriberIdentity who = (SubscriberKind)numbers[0] == SubscriberKind.DsLite
                ? SubscriberIdentity.DsLite(new Ipv6Address(numbers[1], numbers[2]), maskBits)
                : SubscriberIdentity.Nat444(new Ipv4Address((uint)numbers[2]));
            DateTimeOffset started = DateTimeOffset.FromUnixTimeMilliseconds((long)numbers[3]);
            const int Last = 7;
            UsageMeter meter = new(Usage(numbers.AsSpan(Last)), Usage(numbers.AsSpan(Last + UsageWords)));
            return new RadiusSession(id, who, started, meter)
            {
                ExpiresAt = numbers[4] == 0
                    ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeMilliseconds((long)numbers[4]),
                IsAuthenticated = numbers[5] != 0,
                IsSteered = numbers[6] != 0,
                Attributes = words[^1].Length == 0 ? [] : [.. words[^1].Split(',').Select(Attribute)],
            };
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static SubscriberUsage Usage(ReadOnlySpan<ulong> numbers) =>
        new(numbers[0], numbers[1], numbers[2], numbers[3], default);

    private static RadiusAttribute Attribute(string text)
    {
        const int Parts = 4;
        string[] parts = text.Split(':');
        return parts.Length != Parts
            ? throw new FormatException("an attribute has four parts")
            : new RadiusAttribute(
                (AttributeType)int.Parse(parts[0], CultureInfo.InvariantCulture),
                Convert.FromBase64String(parts[3]), uint.Parse(parts[1], CultureInfo.InvariantCulture),
                byte.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
