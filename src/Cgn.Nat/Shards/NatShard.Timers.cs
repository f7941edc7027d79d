using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// How long sessions live, by state; and the states of UDP, which a few remote ports have of their own.
public sealed partial class NatShard
{
    private const int States = 32;

    private readonly SessionState[] _udpStates = new SessionState[UdpPortTimeout.PortEnd];

    // Ticks a session lives after its last refresh, plus one: the refresh was somewhere within its tick. 0 for no
    // session.
    private StateTable _lifeTicks;
    private StateTable _refreshOutbound;
    private StateTable _refreshInbound;

    private void TakeTimers()
    {
        TakeUdpStates();
        for (int i = 0; i < States; i++)
        {
            SessionState state = (SessionState)i;
            _lifeTicks[i] = IdleTicks(state) + 1;
            bool refreshes = IsUdp(state) || state is SessionState.AddressOnly or SessionState.IcmpQuery
                or SessionState.DccpOpening or SessionState.DccpEstablished or SessionState.DccpClosing;
            bool refreshesInbound = _settings.InboundRefresh || state == SessionState.DccpEstablished;
            _refreshOutbound[i] = refreshes ? uint.MaxValue : 0;
            _refreshInbound[i] = refreshes && refreshesInbound ? uint.MaxValue : 0;
        }

        foreach (UdpPortTimeout timeout in _snapshot.UdpPortTimeouts)
            _lifeTicks[(int)_udpStates[timeout.Port]] = timeout.Ticks + 1;
    }

    private uint IdleTicks(SessionState state) => state switch
    {
        SessionState.Udp => _settings.UdpTimeout,
        SessionState.AddressOnly => _settings.AddressOnlyTimeout,
        SessionState.DccpEstablished => _settings.DccpIdleTimeout,
        SessionState.DccpOpening or SessionState.DccpClosing => _settings.DccpTransTimeout,
        SessionState.IcmpQuery => _settings.IcmpTimeout,
        SessionState.TcpInitInside or SessionState.TcpInitOutside => _settings.TcpTransOpenTimeout,
        // What is asked for a sign of life lives on until the answer is overdue, whenever the sweep comes by to ask.
        SessionState.TcpEstablished => _settings.TcpKeepaliveProbe
            ? _settings.TcpIdleTimeout + _settings.TcpRstTimeout
            : _settings.TcpIdleTimeout,
        SessionState.TcpFinInside or SessionState.TcpFinOutside => _settings.TcpIdleTimeout,
        SessionState.TcpClosing => _settings.TcpTransCloseTimeout,
        SessionState.TcpTransitory or SessionState.TcpProbed => _settings.TcpRstTimeout,
        SessionState.Expected => _settings.PinholeTimeout,
        _ => uint.MaxValue,
    };

    private static bool IsUdp(SessionState state) =>
        state is SessionState.Udp or (>= SessionState.UdpTimed and < SessionState.UdpTimed + UdpPortTimeout.TimesMax);

    // Equal times share a state, so that there are states enough.
    private void TakeUdpStates()
    {
        Array.Fill(_udpStates, SessionState.Udp);
        Span<uint> times = stackalloc uint[UdpPortTimeout.TimesMax];
        int count = 0;
        foreach (UdpPortTimeout timeout in _snapshot.UdpPortTimeouts)
        {
            int at = times[..count].IndexOf(timeout.Ticks);
            if (at < 0)
            {
                at = count++;
                times[at] = timeout.Ticks;
            }

            _udpStates[timeout.Port] = SessionState.UdpTimed + (byte)at;
        }
    }

    private SessionState InitialState(in SessionRecord s) =>
        s.Protocol == (byte)IpProtocol.Udp && s.RemotePort < UdpPortTimeout.PortEnd
            ? _udpStates[s.RemotePort]
            : NatProtocol.InitialState(s.Protocol);

    // Other times by port hold for sessions that exist, as other timers do.
    private void TakeStates()
    {
        for (uint i = 1; i < _sessions.Fresh; i++)
        {
            ref SessionRecord s = ref _sessions[i];
            if (IsUdp(s.State))
                s.State = InitialState(s);
        }
    }

    // When a session that nobody inside has asked for must have begun, to end when its mapping would have without it:
    // an outsider's packet prolongs nothing.
    private uint BegunBefore(SessionState state, uint leftTicks, uint tick)
    {
        uint life = _lifeTicks[(int)state & (States - 1)];
        return leftTicks >= life ? tick : tick - (life - leftTicks);
    }
}
