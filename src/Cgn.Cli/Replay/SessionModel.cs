using System;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// How long sessions live, in the plainest words: RFC 4787 REQ-5 and REQ-6 for UDP, RFC 7857 section 2 for TCP, RFC
/// 5508 REQ-2 for queries. It is told what the gateway carried, and says until when it must and may go on.
/// </summary>
internal sealed class SessionModel(GatewaySettings settings)
{
    // Records keep time in ticks, so a timer may run out a tick early or late.
    private const long SlackNs = 2 * Tick.Nanoseconds;
    private const byte Dccp = 33;

    private readonly long _udpNs = settings.UdpTimeout * Tick.Nanoseconds;
    private readonly long _icmpNs = settings.IcmpTimeout * Tick.Nanoseconds;
    private readonly long _addressOnlyNs = settings.AddressOnlyTimeout * Tick.Nanoseconds;
    private readonly long _dccpIdleNs = settings.DccpIdleTimeout * Tick.Nanoseconds;
    private readonly long _dccpTransNs = settings.DccpTransTimeout * Tick.Nanoseconds;
    private readonly long _tcpIdleNs = settings.TcpIdleTimeout * Tick.Nanoseconds;
    private readonly long _tcpOpenNs = settings.TcpTransOpenTimeout * Tick.Nanoseconds;
    private readonly long _tcpCloseNs = settings.TcpTransCloseTimeout * Tick.Nanoseconds;

    /// <summary>Longer than any session or held port can last, in nanoseconds.</summary>
    internal long EverythingOverNs =>
        Math.Max(
            Math.Max(Math.Max(_udpNs, _icmpNs), Math.Max(_addressOnlyNs, Math.Max(_dccpIdleNs, _dccpTransNs))),
            Math.Max(_tcpIdleNs, Math.Max(_tcpOpenNs, _tcpCloseNs)))
        + ((settings.HoldDownTimeout + settings.FragmentTimeout) * Tick.Nanoseconds) + (600 * 1_000_000_000L);

    /// <summary>The gateway carried a packet of a flow.</summary>
    internal void Carried(ref FlowState flow, PacketFacts facts, bool outbound, long nowNs)
    {
        switch (facts.Kind)
        {
            case PacketKind.Tcp:
                CarriedTcp(ref flow, facts.Flags, outbound, nowNs);
                break;
            case PacketKind.Query:
                Refresh(ref flow, outbound, _icmpNs, _icmpNs, nowNs);
                break;
            case PacketKind.Udp when facts.Protocol == Dccp:
                Refresh(ref flow, outbound, _dccpTransNs, _dccpIdleNs, nowNs);
                break;
            case PacketKind.Udp:
                Refresh(ref flow, outbound || settings.InboundRefresh, _udpNs, _udpNs, nowNs);
                break;
            case PacketKind.Other:
                Refresh(ref flow, outbound, _addressOnlyNs, _addressOnlyNs, nowNs);
                break;
        }
    }

    private static void Refresh(ref FlowState flow, bool refreshes, long sureNs, long maybeNs, long nowNs)
    {
        // Coming in from a remote endpoint that has no session yet makes one; otherwise only going out keeps it (RFC
        // 4787 REQ-6).
        bool isNew = nowNs > flow.SureNs;
        if (refreshes || isNew)
            flow.SureNs = nowNs + sureNs - SlackNs;
        flow.MaybeNs = Math.Max(flow.MaybeNs, refreshes || isNew ? nowNs + maybeNs + SlackNs : 0);
    }

    private void CarriedTcp(ref FlowState flow, TcpFlags flags, bool outbound, long nowNs)
    {
        bool syn = (flags & TcpFlags.Syn) != 0;
        bool pureSyn = (flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst | TcpFlags.Fin)) == TcpFlags.Syn;
        TcpMarks side = outbound ? TcpMarks.SynOut : TcpMarks.SynIn;
        if (pureSyn && nowNs > flow.MaybeNs)
        {
            flow.Marks = side;
            Set(ref flow, _tcpOpenNs, _tcpOpenNs, nowNs);
            return;
        }

        bool reopened = syn && ((flow.Marks & TcpMarks.Established) == TcpMarks.Established || (flow.Marks & side) == 0)
            && (flow.Marks & (TcpMarks.Closed | TcpMarks.Unclear)) != 0;
        bool odd = (flags & (TcpFlags.Syn | TcpFlags.Fin)) == (TcpFlags.Syn | TcpFlags.Fin);
        if ((flags & TcpFlags.Rst) != 0 || reopened || odd)
        {
            flow.Marks |= TcpMarks.Unclear;
            flow.SureNs = Math.Min(flow.SureNs, nowNs + Math.Min(_tcpCloseNs, _tcpOpenNs) - SlackNs);
            flow.MaybeNs = Math.Max(flow.MaybeNs, nowNs + _tcpIdleNs + SlackNs);
            return;
        }

        if (syn)
            flow.Marks |= side;
        Advance(ref flow, (flags & TcpFlags.Fin) != 0, outbound, nowNs);
    }

    private void Advance(ref FlowState flow, bool fin, bool outbound, long nowNs)
    {
        bool wasClosed = (flow.Marks & TcpMarks.Closed) == TcpMarks.Closed;
        if (fin)
            flow.Marks |= outbound ? TcpMarks.FinOut : TcpMarks.FinIn;
        bool closed = (flow.Marks & TcpMarks.Closed) == TcpMarks.Closed;
        bool established = (flow.Marks & TcpMarks.Established) == TcpMarks.Established;
        if ((flow.Marks & TcpMarks.Unclear) != 0 || !established || wasClosed)
        {
            // Carried, but it need not have refreshed anything.
            flow.MaybeNs = Math.Max(flow.MaybeNs, nowNs + _tcpIdleNs + SlackNs);
        }
        else if (closed)
        {
            flow.SureNs = nowNs + _tcpCloseNs - SlackNs;
            flow.MaybeNs = Math.Max(flow.MaybeNs, nowNs + _tcpIdleNs + SlackNs);
        }
        else
        {
            Set(ref flow, _tcpIdleNs, _tcpIdleNs, nowNs);
        }
    }

    private static void Set(ref FlowState flow, long sureNs, long maybeNs, long nowNs)
    {
        flow.SureNs = nowNs + sureNs - SlackNs;
        flow.MaybeNs = Math.Max(flow.MaybeNs, nowNs + maybeNs + SlackNs);
    }
}
