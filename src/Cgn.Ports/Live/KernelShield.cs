using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

using Cgn.Ports.Native;
using Cgn.Ports.Steering;

namespace Cgn.Ports.Live;

/// <summary>
/// With libpcap the kernel sees a copy of every frame and would forward or refuse it. The shield is a table of nftables
/// at the device's ingress hook, which comes after the tap that libpcap reads from: it drops what is ours by the same
/// rules as <see cref="SteeringMatcher"/>, untagged or with one VLAN tag (the kernel does nothing with a second one
/// unless VLAN devices are stacked).
/// </summary>
/// <remarks>
/// The table is owned by this process (flags owner): the kernel removes it when the process ends, however it ends.
/// </remarks>
internal sealed unsafe class KernelShield : IDisposable
{
    // The quoted destination lies 24 bytes into the ICMP message, as a number, and so do its set's elements.
    private const string Reports = "ip hdrlength 5 ip frag-off & 0x1fff == 0 "
        + "icmp type { destination-unreachable, time-exceeded, parameter-problem }";

    private readonly string _device;
    private readonly Lock _lock = new();
    private nint _context;

    /// <summary>Puts the rules in place, in the network namespace of the calling thread.</summary>
    /// <exception cref="PortException">libnftables is missing, or the kernel refuses.</exception>
    internal KernelShield(string device, SteeringRules rules)
    {
        _device = device;
        TableName = "cgn_" + string.Concat(device.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        try
        {
            _context = LibNftables.nft_ctx_new(0);
        }
        catch (DllNotFoundException error)
        {
            throw new PortException(
                $"{device}: the kernel can't be kept from the gateway's packets: install the package nftables",
                error);
        }

        _ = LibNftables.nft_ctx_buffer_output(_context);
        _ = LibNftables.nft_ctx_buffer_error(_context);
        try
        {
            Run(Text(rules));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Name of the table, family netdev.</summary>
    internal string TableName { get; }

    /// <summary>Replaces the box's own addresses in one step.</summary>
    internal void SetOwnAddresses(IReadOnlyList<uint> addresses)
    {
        StringBuilder text = new($"flush set netdev {TableName} own\n");
        if (addresses.Count != 0)
            text.Append(CultureInfo.InvariantCulture, $"add element netdev {TableName} own {{ {Join(addresses)} }}\n");
        Run(text.ToString());
    }

    /// <summary>Replaces all else in one step.</summary>
    internal void SetRules(SteeringRules rules)
    {
        StringBuilder text = new();
        Refill(text, "aftr", rules.AftrAddresses.Select(Text));
        Refill(text, "pool", rules.PoolPrefixes.Select(prefix => prefix.ToString()));
        Refill(text, "subscribers", rules.SubscriberPrefixes.Select(prefix => prefix.ToString()));
        Refill(text, "reported", rules.SubscriberPrefixes.Select(Range));
        Run(text.ToString());
    }

    private void Refill(StringBuilder text, string set, IEnumerable<string> elements)
    {
        string joined = string.Join(", ", elements);
        text.Append(CultureInfo.InvariantCulture, $"flush set netdev {TableName} {set}\n");
        if (joined.Length != 0)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"add element netdev {TableName} {set} {{ {joined} }}\n");
        }
    }

    /// <summary>Takes the rules away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            // Closing the socket that owns the table removes it.
            if (_context != 0)
                LibNftables.nft_ctx_free(_context);
            _context = 0;
        }
    }

    private string Text(SteeringRules rules)
    {
        string aftr = Elements(rules.AftrAddresses.Select(Text));
        string pool = Elements(rules.PoolPrefixes.Select(prefix => prefix.ToString()));
        string subscribers = Elements(rules.SubscriberPrefixes.Select(prefix => prefix.ToString()));
        string reported = Elements(rules.SubscriberPrefixes.Select(Range));
        string own = Elements(rules.OwnAddresses.Distinct().Select(Text));
        return $$"""
        table netdev {{TableName}} {
            flags owner
            set aftr { type ipv6_addr; {{aftr}} }
            set pool { type ipv4_addr; flags interval; auto-merge; {{pool}} }
            set subscribers { type ipv4_addr; flags interval; auto-merge; {{subscribers}} }
            set reported { typeof @th,192,32; flags interval; auto-merge; {{reported}} }
            set own { type ipv4_addr; {{own}} }
            chain ingress {
                type filter hook ingress device "{{_device}}" priority -500; policy accept;
                ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 accept
                ip6 daddr @aftr ip6 nexthdr 58 @th,0,8 133-137 accept
                ip6 daddr @aftr counter drop
                ip daddr @pool counter drop
                ip daddr 224.0.0.0-255.255.255.255 accept
                ip saddr @subscribers ip daddr != @own counter drop
                {{Reports}} @th,192,32 @reported ip daddr != @own counter drop
            }
        }

        """;
    }

    private static string Elements(IEnumerable<string> elements)
    {
        string joined = string.Join(", ", elements);
        return joined.Length == 0 ? string.Empty : $"elements = {{ {joined} }};";
    }

    private static string Join(IEnumerable<uint> addresses) => string.Join(", ", addresses.Distinct().Select(Text));

    private static string Range(SteeringPrefix prefix)
    {
        ulong size = 1UL << (32 - prefix.Length);
        return string.Create(CultureInfo.InvariantCulture, $"0x{prefix.Address:x}-0x{prefix.Address + size - 1:x}");
    }

    private static string Text(uint address) => new SteeringPrefix(address, 32).ToString()[..^3];

    private static string Text(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }

    private void Run(string commands)
    {
        int result;
        string? message;
        lock (_lock)
        {
            if (_context == 0)
                return;
            fixed (byte* text = Encoding.UTF8.GetBytes(commands + "\0"))
                result = LibNftables.nft_run_cmd_from_buffer(_context, text);
            message = Marshal.PtrToStringUTF8(LibNftables.nft_ctx_get_error_buffer(_context));
        }

        if (result == 0)
            return;
        string first = message?.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no reason";
        throw new PortException(
            $"{_device}: the kernel can't be kept from the gateway's packets: {first}; "
            + "the privilege CAP_NET_ADMIN and a kernel with nftables and its netdev family are needed (Linux 5.12)"
            + Capabilities.Missing("CAP_NET_ADMIN"));
    }
}
