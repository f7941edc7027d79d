using System;

namespace Cgn.Control.Radius.Accounting;

/// <summary>A record that waits to be acknowledged.</summary>
/// <param name="Number">Counts up: the order of records.</param>
/// <param name="Session">Acct-Session-Id.</param>
/// <param name="Status">What it tells.</param>
/// <param name="UnixSeconds">When it happened.</param>
/// <param name="Attributes">Its attributes, encoded, but for those of ports and the delay.</param>
/// <param name="Ranges">Its IP-Port-Range attributes, encoded.</param>
internal sealed record AccountingEntry(
    long Number, string Session, AccountingStatus Status, long UnixSeconds,
    ReadOnlyMemory<byte> Attributes, ReadOnlyMemory<byte> Ranges)
{
    /// <summary>It is on its way.</summary>
    public bool IsSending { get; set; }

    /// <summary>Nothing overtakes it, in either direction.</summary>
    public bool IsBarrier => Status is AccountingStatus.On or AccountingStatus.Off;
}
