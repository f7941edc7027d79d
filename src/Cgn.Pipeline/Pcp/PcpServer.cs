using System;

using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Pcp;

/// <summary>
/// The PCP server (RFC 6887) of one worker, under the simple threat model: a request speaks for the address that it
/// comes from, and for no other. Requests are answered where they lie; an error changes nothing (section 7.3).
/// </summary>
internal static class PcpServer
{
    private const uint StaticLifetime = uint.MaxValue;

    /// <summary>Decides a request and writes the answer over it.</summary>
    /// <param name="room">The request, and behind it room for a header where it is shorter.</param>
    /// <param name="length">Bytes of the request.</param>
    /// <param name="client">Who sent it.</param>
    /// <param name="nat">The shard that the client belongs to.</param>
    /// <param name="settings">What is allowed.</param>
    /// <returns>Bytes of the answer; 0 where none is due (section 8.2).</returns>
    public static int Answer(
        Span<byte> room, int length, in PcpClient client, NatShard nat, PipelineSettings settings)
    {
        Span<byte> message = room[..length];
        if (length < 2 || (message[1] & 0x80) != 0)
            return 0;
        if (message[0] != PcpView.Version)
            return Unversioned(room, length, client, nat);
        if (message.Length < PcpView.HeaderSize)
            return 0;
        PcpView request = new(message);
        int size = SizeOf(request.Opcode);
        PcpResult fault = message.Length > PcpView.SizeMax || message.Length % 4 != 0 || message.Length < size
            ? PcpResult.MalformedRequest
            : size == 0 ? PcpResult.UnsupportedOpcode
            : PcpResult.Success;
        PcpOptions options = default;
        bool isUnread = fault != PcpResult.Success;
        if (fault == PcpResult.Success && request.Client != PcpView.Mapped(client.Address))
            fault = PcpResult.AddressMismatch;
        if (fault == PcpResult.Success)
            fault = PcpOptions.Read(message[size..], request.Opcode == PcpOpcode.Map, out options);
        PcpReply reply = fault != PcpResult.Success
            ? PcpReply.Error(fault)
            : Decide(request, options, client, nat, settings);
        request.Answer(reply.Result, reply.Lifetime, nat.EpochSeconds(client.Now), isUnread);
        return reply.Result == PcpResult.Success ? size + options.Write(message[size..])
            : Math.Min(length, PcpView.SizeMax) & ~3;
    }

    private static PcpReply Decide(
        in PcpView request, PcpOptions options, in PcpClient client, NatShard nat, PipelineSettings settings)
    {
        switch (request.Opcode)
        {
            case PcpOpcode.Map when settings.Pcp.Map:
                return PcpMap.Decide(request, options, client, nat, settings.Pcp);
            case PcpOpcode.Peer when settings.Pcp.Peer:
                return PcpPeer.Decide(request, client, nat, settings);
            case PcpOpcode.Announce:
                return new PcpReply(PcpResult.Success, 0);
            default:
                return PcpReply.Error(PcpResult.NotAuthorized);
        }
    }

    // A header of our version, with as much of the request as there is (sections 8.2 and 9).
    private static int Unversioned(Span<byte> room, int length, in PcpClient client, NatShard nat)
    {
        if (room.Length < PcpView.HeaderSize)
            return 0;
        if (length < PcpView.HeaderSize)
            room[length..PcpView.HeaderSize].Clear();
        PcpReply reply = PcpReply.Error(PcpResult.UnsupportedVersion);
        new PcpView(room).Answer(reply.Result, reply.Lifetime, nat.EpochSeconds(client.Now), keepsClient: true);
        return Math.Clamp(length, PcpView.HeaderSize, PcpView.SizeMax) & ~3;
    }

    private static int SizeOf(PcpOpcode opcode) => opcode switch
    {
        PcpOpcode.Announce => PcpView.HeaderSize,
        PcpOpcode.Map => PcpView.MapSize,
        PcpOpcode.Peer => PcpView.PeerSize,
        _ => 0,
    };

    /// <summary>What a static mapping's answer says: it does not end (section 11.3).</summary>
    public static PcpReply Forever => new(PcpResult.Success, StaticLifetime);
}
