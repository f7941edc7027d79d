namespace Cgn.Contract.Records;

/// <summary>How a subscriber is attached. Numbers are part of the record layout.</summary>
public enum SubscriberKind : byte
{
    /// <summary>No subscriber: a free record.</summary>
    None = 0,

    /// <summary>Behind a softwire (RFC 6333).</summary>
    DsLite = 1,

    /// <summary>Behind a customer router with a shared-space address (RFC 6598).</summary>
    Nat444 = 2,
}
