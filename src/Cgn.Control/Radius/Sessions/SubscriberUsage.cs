using System;

namespace Cgn.Control.Radius.Sessions;

/// <summary>What a subscriber has sent and received, counted in IPv4.</summary>
/// <param name="BytesUp">Bytes towards the Internet.</param>
/// <param name="BytesDown">Bytes towards the subscriber.</param>
/// <param name="PacketsUp">Packets towards the Internet.</param>
/// <param name="PacketsDown">Packets towards the subscriber.</param>
/// <param name="LastActive">When it was active last.</param>
internal readonly record struct SubscriberUsage(
    ulong BytesUp, ulong BytesDown, ulong PacketsUp, ulong PacketsDown, DateTimeOffset LastActive);
