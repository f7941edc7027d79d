using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

/// <summary>A mapping and a remote endpoint.</summary>
internal sealed class ModelSession
{
    public required ModelMapping Mapping { get; init; }

    public required Endpoint Remote { get; init; }

    public required bool IsHairpin { get; init; }

    public bool IsFromOutside { get; init; }

    public SessionState State { get; set; }

    public uint LastActive { get; set; }

    public TcpSide Inside { get; } = new();

    public TcpSide Outside { get; } = new();

    public ModelSubscriber Subscriber => Mapping.Subscriber;

    public byte Protocol => Mapping.Protocol;
}
