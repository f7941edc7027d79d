using System;

using Cgn.Contract.Records;

namespace Cgn.Nat;

// Idle TCP connections whose ends are told something: asked for a sign of life, or that it is over.
public sealed partial class NatShard
{
    private const int NoticesMax = 64;

    private readonly SessionRecord[] _notices = new SessionRecord[NoticesMax];
    private int _noticeCount;

    /// <summary>
    /// Connections that the last sweeps found idle: in state <see cref="SessionState.TcpProbed"/> those whose inside is
    /// to be asked for a sign of life by an empty segment (RFC 6146 3.5.2.2), in any other those that have ended and
    /// whose ends are to be sent a RST (RFC 5382 section 5). Copies; their subscribers exist still. While there are as
    /// many as fit, sweeps leave such sessions for later.
    /// </summary>
    public ReadOnlySpan<SessionRecord> Notices => _notices.AsSpan(0, _noticeCount);

    /// <summary>The notices have been sent.</summary>
    public void ClearNotices() => _noticeCount = 0;

    // A session past its timer may end: nobody has to be told, or it has been noted whom.
    private bool MayEnd(in SessionRecord s)
    {
        bool tells = _settings.RstOnTimeout && s.State is SessionState.TcpEstablished or SessionState.TcpFinInside
            or SessionState.TcpFinOutside or SessionState.TcpProbed;
        if (!tells)
            return true;
        if (_noticeCount == NoticesMax)
            return false;
        _notices[_noticeCount] = s;
        // What was asked in vain is told in the same way as what was not asked.
        _notices[_noticeCount++].State = SessionState.TcpTransitory;
        return true;
    }

    // An established connection whose timer has passed: its time to answer runs from then, not from this sweep.
    private void ProbeIdle(ref SessionRecord s, uint tick)
    {
        if (s.State != SessionState.TcpEstablished || tick - s.LastActive <= _settings.TcpIdleTimeout
            || _noticeCount == NoticesMax)
        {
            return;
        }

        // In this order: whenever the process is killed, the session lives.
        s.LastActive += _settings.TcpIdleTimeout;
        s.State = SessionState.TcpProbed;
        _notices[_noticeCount++] = s;
    }
}
