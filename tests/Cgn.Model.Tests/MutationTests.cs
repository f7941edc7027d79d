using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Model.Tests.Nat;
using Cgn.Model.Tests.Running;
using Cgn.Model.Tests.Traffic;

using Xunit;

namespace Cgn.Model.Tests;

/// <summary>The comparison notices what it is there to notice: a gateway that differs, in bytes or in behaviour.
/// </summary>
public sealed class MutationTests
{
    private static readonly string[] s_conversation =
    [
        "send who=0 port=1", "answer", "send who=1 protocol=6", "answer protocol=6 flags=10", "hairpin who=2 pick=1",
        "stranger pick=0 remote=2", "wait time=17", "answer", "wait time=27", "send who=0 port=1", "answer pick=2",
        "wait time=33", "send who=0", "stranger protocol=7 remote=2 pick=1", "wait time=10", "send who=0 host=1",
    ];

    public static IEnumerable<object[]> Settings =>
        from setting in new[]
        {
            Setting.Filtering, Setting.InboundRefresh, Setting.TunnelMtu, Setting.HoldDown, Setting.BlockSize,
            Setting.ConnectionLimit, Setting.Timers, Setting.Mss, Setting.TrafficClass,
        }
        select new object[] { setting.ToString() };

    [Fact]
    public void The_conversation_alone_shows_no_difference() => Assert.Null(Runner.Difference(Conversation()));

    [Theory]
    [InlineData(22)]
    [InlineData(26)]
    [InlineData(33)]
    [InlineData(-1)]
    public void A_byte_that_the_gateway_gets_wrong_is_noticed(int offset)
    {
        using SideBySide both = new(Conversation().Config, tamper: frame => Bend(frame, offset));
        Assert.Throws<ModelException>(() => Runner.Run(both, Conversation()));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_that_the_gateway_does_not_follow_is_noticed(string name)
    {
        Setting setting = Enum.Parse<Setting>(name);
        Case conversation = Long();
        int other = setting is Setting.Filtering or Setting.Mss or Setting.Timers ? 2 : 1;
        using SideBySide both = new(conversation.Config, modelConfig: conversation.Config.With(setting, other));
        Assert.Throws<ModelException>(() => Runner.Run(both, conversation));
    }

    [Fact]
    public void A_failing_case_is_shrunk_to_the_operations_that_matter()
    {
        // A stand-in for a defect: a UDP packet with a payload of 560 bytes, after a packet of GRE.
        static bool Fails(Case run)
        {
            int gre = run.Operations.ToList().FindIndex(
                o => o.Kind == OperationKind.Send && o[Field.Protocol] == 17);
            return gre >= 0 && run.Operations.Skip(gre).Any(o => o.Kind == OperationKind.Answer && o[Field.Size] == 5);
        }

        List<Operation> many =
            [.. Enumerable.Range(0, 100).Select(i => Operation.Parse($"send who={i % 6} ttl={i % 4}"))];
        many.Insert(30, Operation.Parse("send protocol=17 who=3 tos=2"));
        many.Insert(70, Operation.Parse("answer size=5 pick=4"));
        Case small = Shrinker.Shrink(new Case(new ModelConfig(new int[ModelConfig.SettingCount]), many), Fails);
        Assert.Equal(["send protocol=17", "answer size=5"], small.Operations.Select(o => o.ToString()));
    }

    private static byte[] Bend(byte[] frame, int offset)
    {
        frame[offset < 0 ? frame.Length + offset : offset] ^= 1;
        return frame;
    }

    private static Case Conversation() => new(
        new ModelConfig(new int[ModelConfig.SettingCount]), [.. s_conversation.Select(Operation.Parse)]);

    // Something of everything, so that each setting shows.
    private static Case Long()
    {
        List<string> lines = [.. s_conversation];
        foreach (int size in new[] { 0, 14, 17, 19 })
        {
            lines.AddRange(
            [
                $"send who=0 size={size} fragment=1", $"answer size={size} tos=1", $"answer size={size} fragment=1",
            ]);
        }

        lines.AddRange(["send protocol=6 options=1 remote=1", "send outertos=1", "answer outertos=1 tos=1"]);
        for (int port = 0; port < 6; port++)
            lines.AddRange([$"send host=1 port={port}", $"send host=0 port={port} remote=2"]);
        lines.AddRange(["wait time=27", "answer", "wait time=21", "wait time=22", "answer"]);
        lines.AddRange(["wait time=27", "send", "wait time=21", "answer", "wait time=18", "answer", "wait time=27"]);
        return Conversation() with { Operations = [.. lines.Select(Operation.Parse)] };
    }
}
