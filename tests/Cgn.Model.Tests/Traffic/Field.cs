namespace Cgn.Model.Tests.Traffic;

/// <summary>What an operation is made with: each a small number, 0 for the plainest.</summary>
internal enum Field
{
    Who,
    B4,
    Host,
    Port,
    Protocol,
    Remote,
    RemotePort,
    Flags,
    Sequence,
    Acknowledge,
    Window,
    Options,
    Size,
    Fragment,
    Ttl,
    Tos,
    OuterTos,
    Fault,
    Pieces,
    Order,
    OuterPieces,
    Worker,
    Pick,
    Time,
}
