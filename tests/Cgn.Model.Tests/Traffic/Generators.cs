using System;
using System.Linq;

using Cgn.Model.Tests.Running;

using CsCheck;

namespace Cgn.Model.Tests.Traffic;

/// <summary>Random operations and configurations.</summary>
internal static class Generators
{
    // How often a number is not the plainest: one in so many; and how many there are.
    private static readonly (Field Field, int OneIn, int Values)[] s_fields =
    [
        (Field.Who, 1, 6), (Field.B4, 25, 4), (Field.Host, 2, 3), (Field.Port, 1, 6), (Field.Protocol, 1, 24),
        (Field.Remote, 1, 3), (Field.RemotePort, 2, 3), (Field.Flags, 1, 24), (Field.Sequence, 3, 8),
        (Field.Acknowledge, 6, 8), (Field.Window, 4, 3), (Field.Options, 3, 8), (Field.Size, 2, 20),
        (Field.Fragment, 3, 2), (Field.Ttl, 20, 4), (Field.Tos, 6, 6), (Field.OuterTos, 8, 6), (Field.Fault, 12, 25),
        (Field.Pieces, 8, 8), (Field.Order, 2, 40), (Field.OuterPieces, 14, 5), (Field.Worker, 2, 4),
        (Field.Pick, 1, 40), (Field.Time, 1, 40),
    ];

    private static readonly OperationKind[] s_kinds =
    [
        .. Enumerable.Repeat(OperationKind.Send, 12), .. Enumerable.Repeat(OperationKind.Hairpin, 3),
        .. Enumerable.Repeat(OperationKind.Answer, 10), .. Enumerable.Repeat(OperationKind.Stranger, 4),
        OperationKind.Probe, .. Enumerable.Repeat(OperationKind.Replay, 3),
        .. Enumerable.Repeat(OperationKind.ErrorIn, 2), .. Enumerable.Repeat(OperationKind.ErrorOut, 2),
        .. Enumerable.Repeat(OperationKind.Late, 2), OperationKind.Ping, OperationKind.Odd,
        .. Enumerable.Repeat(OperationKind.Wait, 2),
    ];

    public static Gen<Operation> Operation { get; } = Gen.Select(
        Gen.Int[0, s_kinds.Length - 1], Gen.ULong.Array[3], (kind, chance) => Make(s_kinds[kind], chance));

    public static Gen<ModelConfig> Config { get; } = Gen.ULong.Array[4].Select(MakeConfig);

    public static Gen<Case> Case(int length) =>
        Gen.Select(Config, Operation.Array[length], (config, operations) => new Case(config, operations));

    private static Operation Make(OperationKind kind, ulong[] chance)
    {
        int[] values = new int[Traffic.Operation.FieldCount];
        Dice dice = new(chance);
        foreach ((Field field, int oneIn, int count) in s_fields)
            values[(int)field] = dice.Below(oneIn) == 0 ? dice.Below(count) : 0;
        return new Operation(kind, values);
    }

    private static ModelConfig MakeConfig(ulong[] chance)
    {
        Dice dice = new(chance);
        int[] values = new int[ModelConfig.SettingCount];
        foreach (Setting setting in Enum.GetValues<Setting>())
        {
            bool plain = dice.Below(ModelConfig.OneIn(setting)) != 0;
            values[(int)setting] = plain ? 0 : dice.Below(ModelConfig.Choices(setting));
        }

        return new ModelConfig(values);
    }
}
