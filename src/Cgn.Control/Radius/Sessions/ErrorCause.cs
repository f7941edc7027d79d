namespace Cgn.Control.Radius.Sessions;

/// <summary>Why a change was refused (RFC 5176 §3.5): 200 to 299 stand in acknowledgements, 400 to 599 in refusals.
/// </summary>
internal enum ErrorCause : uint
{
    None = 0,
    UnsupportedAttribute = 401,
    MissingAttribute = 402,
    NasIdentificationMismatch = 403,
    InvalidRequest = 404,
    UnsupportedService = 405,
    InvalidAttributeValue = 407,
    AdministrativelyProhibited = 501,
    SessionContextNotFound = 503,
    ResourcesUnavailable = 506,
}
