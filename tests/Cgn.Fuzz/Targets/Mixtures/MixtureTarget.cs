using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>
/// Features where they meet: an input chooses a configuration by chance and a life of a gateway under it, with packets
/// of every kind at any worker, other configurations meanwhile, clearances, plans by command, and time. Every frame is
/// accounted for, what leaves is whole and fits its link, and in the end nothing is left.
/// </summary>
internal static class MixtureTarget
{
    private const int Steps = 300;
    private const long WrapNs = (1L << 32) * Tick.Nanoseconds;

    private static readonly long[] s_pausesNs =
    [
        1_000, 100_000_000, 1_000_000_000, 3_000_000_000, 7_000_000_000, 130_000_000_000, 300_000_000_000,
        8_000_000_000_000,
    ];

    /// <summary>Seeds of lives.</summary>
    public static byte[][] Seeds() => [new byte[16]];

    /// <summary>Lives one life.</summary>
    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        Random chance = new(Hash(input));
        MixtureSettings settings = new(chance);
        ConfigSnapshot first = settings.First();
        string directory = Directory.CreateTempSubdirectory("cgn-mixture-").FullName;
        try
        {
            using Life life = new(directory, first, settings, chance);
            for (int step = 0; step < Steps; step++)
                life.Step();
            life.End();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>A seed of chance that any change of the input changes.</summary>
    public static int Hash(ReadOnlySpan<byte> input)
    {
        uint hash = 2166136261;
        foreach (byte one in input)
            hash = (hash ^ one) * 16777619;
        return (int)hash;
    }

    private sealed class Life : IDisposable
    {
        private readonly string _directory;
        private readonly MixtureSettings _settings;
        private readonly Random _chance;
        private readonly int _chunks;
        private readonly MixturePackets _packets;
        private readonly MixturePolicies? _policies;
        private readonly bool _readsEvents;
        private SimulatedGateway _gateway;
        private ConfigSnapshot _now;
        private readonly byte[] _buffer = new byte[FrameStore.LiveChunkBytes];
        private readonly ForwarderEvent[] _events = new ForwarderEvent[256];
        private long _nowNs;
        private uint _generation;
        private byte[] _lastOut = [];
        private byte _lastSide;

        public Life(string directory, ConfigSnapshot first, MixtureSettings settings, Random chance)
        {
            (_directory, _now, _settings, _chance) = (directory, first, settings, chance);
            _chunks = new[] { 64, 256, 2048 }[chance.Next(3)];
            _packets = new MixturePackets(chance);
            _policies = chance.Next(2) == 0 ? new MixturePolicies(chance) : null;
            _readsEvents = chance.Next(4) != 0;
            _nowNs = chance.Next(3) == 0 ? WrapNs - (chance.Next(900) * 1_000_000_000L) : 1_000_000_000;
            _gateway = Make();
        }

        private WorkerTime Time => new(_nowNs, 1_700_000_000_000 + (_nowNs / 1_000_000));

        public void Dispose() => _gateway.Dispose();

        public void Step()
        {
            switch (_chance.Next(40))
            {
                case 0 or 1 or 2:
                    _nowNs += s_pausesNs[_chance.Next(s_pausesNs.Length)];
                    break;
                case 3 when _chance.Next(3) == 0:
                    _now = _settings.Another(_now, ++_generation);
                    _gateway.Apply(_now);
                    break;
                case 5 when _chance.Next(3) == 0:
                    // Another process goes on with the records; what was held or on its way is lost.
                    _gateway.Dispose();
                    _now = _chance.Next(2) == 0 ? _now : _settings.Another(_now, ++_generation);
                    _gateway = Make();
                    break;
                case 4 when _chance.Next(3) == 0:
                    _gateway.Command(new ForwarderCommand
                    {
                        Kind = CommandKind.Clear,
                        Prefix = new Ipv6PrefixSetting(0x20010DB8_01000100, 0, 56),
                    });
                    break;
                case 6 or 7 when _policies is not null:
                    _policies.Command(_gateway);
                    break;
                case < 10 when _lastOut.Length != 0:
                    byte[] recipe = [(byte)_chance.Next(13), (byte)_chance.Next(5), 0, 0, (byte)_chance.Next(6), 0x78];
                    Send(_lastSide, [FrameBender.Report(_lastOut, recipe)]);
                    break;
                case < 16 when _lastOut.Length != 0:
                    byte[] answer = FrameBender.TurnRound(_lastOut);
                    FrameBender.MendChecksums(answer);
                    Send(_lastSide, [answer]);
                    break;
                case < 20:
                    Converse();
                    break;
                case < 29:
                    Send(FramePort.Inside, _packets.FromInside());
                    break;
                default:
                    Send(FramePort.Outside, _packets.FromOutside());
                    break;
            }

            Run();
        }

        public void End()
        {
            for (int i = 0; i < 8; i++)
            {
                _nowNs += 90_000_000_000_000;
                Run();
            }

            // What waits ends, and what has ended is given back.
            Expect(_gateway.Counter(CounterId.Held) == 0, "frames are held for ever");
            for (int shard = 0; shard < _gateway.ShardCount; shard++)
                Expect(_gateway.Shard(shard).SessionCount == 0, "sessions stay for ever");
            Expect(_gateway.LeakedChunks == 0, "chunks leaked");
            Expect(
                _gateway.Counter(CounterId.BlocksAllocated) == _gateway.Counter(CounterId.BlocksReleased),
                "blocks stay for ever");
        }

        // A connection, or a datagram, of a protocol that gateways read; in order or not, whole or not.
        private void Converse()
        {
            MixtureTalk talk = _packets.Talk();
            if (talk.ServerPort == 5060 && _chance.Next(2) == 0)
            {
                Send(FramePort.Inside, [MixturePackets.Inside(talk, _packets.Text(talk.Host))]);
                return;
            }

            uint own = (uint)_chance.Next();
            uint other = (uint)_chance.Next();
            _lastOut = [];
            Send(FramePort.Inside, [MixturePackets.Inside(talk, TcpFlags.Syn, own++, 0, [])]);
            Run();
            if (_lastSide != FramePort.Outside || _lastOut.Length < 38 || _lastOut[23] != (byte)IpProtocol.Tcp)
                return;
            (string, ushort) external = (
                Ipv4Address.Read(_lastOut.AsSpan(26)).ToString(), (ushort)((_lastOut[34] << 8) | _lastOut[35]));
            Send(FramePort.Outside, [MixturePackets.Outside(
                talk, external, TcpFlags.Syn | TcpFlags.Ack, other++, own, [])]);
            List<byte[]> inside = [];
            List<byte[]> outside = [];
            for (int i = _chance.Next(1, 8); i > 0; i--)
            {
                byte[] text = _packets.Text(talk.Host);
                int cut = _chance.Next(text.Length);
                if (_chance.Next(3) == 0)
                {
                    outside.Add(MixturePackets.Outside(talk, external, TcpFlags.Ack, other, own, text));
                    other += (uint)text.Length;
                    continue;
                }

                inside.Add(MixturePackets.Inside(talk, TcpFlags.Ack, own, other, text[..cut]));
                inside.Add(MixturePackets.Inside(talk, TcpFlags.Ack, own + (uint)cut, other, text[cut..]));
                if (_chance.Next(4) == 0)
                    inside.Add(MixturePackets.Inside(talk, TcpFlags.Ack, own, other, text));
                own += (uint)text.Length;
            }

            Send(FramePort.Inside, _chance.Next(3) == 0 ? [.. inside, .. inside] : inside);
            Send(FramePort.Outside, outside);
        }

        private SimulatedGateway Make() =>
            new(_now, FrameStore.LiveChunkBytes, _chunks, Arena.InDirectory(_directory), Time);

        private void Send(byte side, List<byte[]> frames)
        {
            int batch = _chance.Next(1, 5);
            foreach (byte[] frame in frames)
            {
                if (frame.Length - EthernetView.HeaderSize > MtuOf(frame.AsSpan(EthernetView.HeaderSize), side))
                    continue;
                _gateway.Inject(side, frame, _chance.Next(_gateway.ShardCount));
                if (--batch == 0)
                    Run();
            }
        }

        private void Run()
        {
            _gateway.Run(Time);
            foreach (byte side in (ReadOnlySpan<byte>)[FramePort.Inside, FramePort.Outside])
            {
                while (_gateway.TryCollect(side, _buffer, out int length))
                {
                    _lastOut = _buffer.AsSpan(0, length).ToArray();
                    _lastSide = side;
                    Judge(_lastOut, side);
                }
            }

            for (int shard = 0; _readsEvents && shard < _gateway.ShardCount; shard++)
            {
                while (_gateway.ReadEvents(shard, _events) == _events.Length)
                {
                    // All that there is.
                }
            }

            long held = _gateway.Counter(CounterId.Held);
            Expect(_gateway.Unaccounted == 0, $"{_gateway.Unaccounted} frames unaccounted for");
            Expect(
                _gateway.LeakedChunks <= 0 && _gateway.LeakedChunks >= -held, $"{_gateway.LeakedChunks} chunks leaked");
        }

        private void Judge(byte[] frame, byte side)
        {
            Expect(EthernetView.TryOpen(frame, out EthernetView ethernet, out _), "no Ethernet frame leaves");
            Span<byte> packet = ethernet.Payload;
            int mtu = MtuOf(packet, side);
            Expect(packet.Length <= mtu, $"{packet.Length} bytes leave by a link of {mtu}");
            if (packet[0] >> 4 == 6)
            {
                Expect(
                    (packet[4] << 8 | packet[5]) + Ipv6Header.Size == packet.Length, "an IPv6 length is wrong");
                if (packet[6] != (byte)IpProtocol.Ipv4)
                    return;
                packet = packet[Ipv6Header.Size..];
            }

            MixtureJudge.Whole(packet);
            if (side == FramePort.Outside && (packet[6] & 0x1F | packet[7]) == 0 && packet.Length >= 24)
            {
                _packets.Seen.Add((
                    Ipv4Address.Read(packet[12..]).ToString(), (ushort)((packet[20] << 8) | packet[21])));
            }

            if (_packets.Seen.Count > 32)
                _packets.Seen.RemoveAt(0);
        }

        private int MtuOf(ReadOnlySpan<byte> packet, byte side) =>
            side == FramePort.Outside ? _now.Settings.OutsideMtu
            : packet[0] >> 4 == 6 ? Math.Max(_now.Settings.TunnelMtu, _now.Settings.InsideMtu)
            : _now.Settings.InsideMtu;

        private static void Expect(bool holds, string what)
        {
            if (!holds)
                throw new InvalidOperationException(what);
        }
    }
}
