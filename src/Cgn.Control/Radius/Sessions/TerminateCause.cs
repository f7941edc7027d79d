namespace Cgn.Control.Radius.Sessions;

/// <summary>Why a session ended (RFC 2866 §5.10), as far as it happens here.</summary>
internal enum TerminateCause : uint
{
    IdleTimeout = 4,
    SessionTimeout = 5,
    AdminReset = 6,
    AdminReboot = 7,
    NasRequest = 10,
    ServiceUnavailable = 15,
}
