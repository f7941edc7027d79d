namespace Cgn.Control.Radius.Accounting;

/// <summary>What a record tells: Acct-Status-Type (RFC 2866 §5.1).</summary>
internal enum AccountingStatus : uint
{
    None = 0,
    Start = 1,
    Stop = 2,
    Interim = 3,
    On = 7,
    Off = 8,
}
