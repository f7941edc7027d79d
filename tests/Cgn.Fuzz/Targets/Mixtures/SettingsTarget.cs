using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Forwarder;
using Cgn.Memory.Frames;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>
/// Configurations with extreme and contradictory values: refused with a place and a word, or accepted, and then a
/// gateway runs by them.
/// </summary>
/// <param name="files">Right configurations.</param>
internal sealed partial class SettingsTarget(byte[][] files)
{
    private const int Packets = 60;

    private static readonly string[] s_values =
    [
        "0", "1", "-1", "2", "3", "8", "64", "128", "255", "256", "1024", "1279", "1280", "9000", "65535", "65536",
        "70000", "2147483647", "4294967295", "4294967296", "99999999999999999999", "0s", "1s", "1ms", "100ms", "24h",
        "13000d", "200000d", "off", "true", "false", "[]", "~", "''", "drop", "unlimited", "0/s", "1/s", "1000000/s",
        "4000000000/s", "deterministic", "[1-65535]", "1-1", "65535-65535", "0-65535", "1024-1025", "0.0.0.0/0",
        "203.0.113.0/32", "2001:db8::/32", "'::/0'", "192.0.0.1", "255.255.255.255", "\"203.0.113.14:0\"", "keep",
        "copy", "inner", "adm", "edm", "adf", "edf", "arbitrary", "soft-paired", "1bit/s", "100Tbit/s", "{}", "ftp",
    ];

    /// <summary>Reads one configuration, and runs by it when it is right.</summary>
    public void Fuzz(ReadOnlySpan<byte> input)
    {
        Random chance = new(MixtureTarget.Hash(input));
        string text = Encoding.UTF8.GetString(files[chance.Next(files.Length)]);
        for (int i = chance.Next(1, 4); i > 0; i--)
        {
            MatchCollection places = Value().Matches(text);
            Group place = places[chance.Next(places.Count)].Groups[1];
            text = text[..place.Index] + s_values[chance.Next(s_values.Length)]
                + text[(place.Index + place.Length)..];
        }

        try
        {
            bool isGood = ConfigLoader.TryParse(
                "fuzz.yaml", text, out ConfigSnapshot? snapshot, out _, out FaultList faults);
            if (isGood)
                Run(snapshot!, chance);
            else if (faults.All.All(static fault => fault.Place.Line == 0 && fault.Message.Length == 0))
                throw new InvalidOperationException("refused without a word");
        }
        catch (Exception finding)
        {
            throw new InvalidOperationException($"{finding.Message}, with\n{text}", finding);
        }
    }

    private static void Run(ConfigSnapshot snapshot, Random chance)
    {
        GatewaySettings settings = snapshot.Settings with
        {
            ShardCount = 2,
            SubscriberCapacity = Math.Min(snapshot.Settings.SubscriberCapacity, 64),
            MappingCapacity = Math.Min(snapshot.Settings.MappingCapacity, 256),
            SessionCapacity = Math.Min(snapshot.Settings.SessionCapacity, 256),
        };
        if (snapshot.Pools.Sum(static pool => pool.Prefixes.Sum(static p => 1L << (32 - p.Length))) > 65536)
            return;
        using SimulatedGateway gateway = new(snapshot with { Settings = settings }, FrameStore.LiveChunkBytes, 128);
        MixturePackets packets = new(chance);
        byte[] buffer = new byte[FrameStore.LiveChunkBytes];
        long nowNs = 1_000_000_000;
        for (int i = 0; i < Packets; i++)
        {
            byte side = chance.Next(3) == 0 ? FramePort.Outside : FramePort.Inside;
            foreach (byte[] frame in side == FramePort.Inside ? packets.FromInside() : packets.FromOutside())
            {
                if (frame.Length <= FrameStore.LiveChunkBytes - FrameStore.Headroom)
                    gateway.Inject(side, frame, chance.Next(2));
            }

            nowNs += chance.Next(8) == 0 ? 10_000_000_000 : 1000;
            gateway.Run(new WorkerTime(nowNs, 1_700_000_000_000 + (nowNs / 1_000_000)));
            while (gateway.TryCollect(FramePort.Inside, buffer, out _)
                || gateway.TryCollect(FramePort.Outside, buffer, out _))
            {
                // Not looked at here.
            }

            if (gateway.Unaccounted != 0)
                throw new InvalidOperationException($"{gateway.Unaccounted} frames unaccounted for");
        }
    }

    [GeneratedRegex(@"(?<=[a-z0-9]:[ ]+)([^\s,{}\[\]#][^\s,{}#]*|\[[^\]]*\])")]
    private static partial Regex Value();
}
