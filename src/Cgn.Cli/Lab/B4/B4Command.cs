using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.B4;

/// <summary>
/// The verb `cgn b4`: a DS-Lite B4 over a TUN device, for kernels without ip6tnl and for testing any AFTR.
/// </summary>
public static class B4Command
{
    private static readonly Option<IPAddress> s_aftr = new("--aftr")
    {
        Description = "The AFTR's IPv6 address.",
        Required = true,
        CustomParser = ParseIpv6,
    };

    private static readonly Option<IPAddress> s_local = new("--local")
    {
        Description = "This B4's IPv6 address, one of this machine's.",
        Required = true,
        CustomParser = ParseIpv6,
    };

    private static readonly Option<string> s_tun = new("--tun")
    {
        Description = "The TUN device; made when missing.",
        DefaultValueFactory = _ => "cgn-b4",
    };

    private static readonly Option<string> s_inner = new("--inner")
    {
        Description = "The B4's IPv4 address inside the softwire.",
        DefaultValueFactory = _ => "192.0.0.2/29",
    };

    private static readonly Option<int?> s_mtu = new("--mtu")
    {
        Description = "MTU of the TUN device, bytes [default: what fits the link; 1500 with --fragment outside].",
    };

    private static readonly Option<string> s_encapLimit = new("--encap-limit")
    {
        Description = "Tunnel encapsulation limit to send in a destination-options header, 0 to 255, or none.",
        DefaultValueFactory = _ => "none",
    };

    private static readonly Option<string> s_fragment = new("--fragment")
    {
        Description = "Where too large packets are fragmented: as IPv4 inside the softwire or as IPv6 outside.",
        DefaultValueFactory = _ => "inside",
    };

    private static readonly Option<string?> s_device = new("--device")
    {
        Description = "The only interface to use for the softwire.",
    };

    private static readonly Option<bool> s_defaultRoute = new("--default-route")
    {
        Description = "Lead IPv4's default route into the TUN device.",
    };

    /// <summary>Makes the command, ready to be added to the root command.</summary>
    public static Command Create()
    {
        s_fragment.AcceptOnlyFromAmong("inside", "outside");
        s_mtu.Validators.Add(result => Check(
            result,
            CountOption.IsWithin(result, 68, 65_535, out _),
            "68 to 65535"));
        s_encapLimit.Validators.Add(result => Check(
            result,
            result.GetValueOrDefault<string>() is "none" || byte.TryParse(result.GetValueOrDefault<string>(), out _),
            "none, or 0 to 255"));
        Command command = new("b4", """
            A DS-Lite B4 over a TUN device, until SIGINT or SIGTERM. Needs root.

            Example:
              cgn b4 --aftr 2001:db8:ffff::1 --local 2001:db8:100:100::2 --default-route --encap-limit 4
            """)
        {
            s_aftr, s_local, s_tun, s_inner, s_mtu, s_encapLimit, s_fragment, s_device, s_defaultRoute,
        };
        command.SetAction((result, cancellation) => LabFailure.GuardAsync(() => RunAsync(Read(result), cancellation)));
        return command;
    }

    private static B4Options Read(ParseResult result) => new()
    {
        Aftr = result.GetRequiredValue(s_aftr),
        Local = result.GetRequiredValue(s_local),
        TunName = result.GetRequiredValue(s_tun),
        InnerAddress = result.GetRequiredValue(s_inner),
        MtuBytes = result.GetValue(s_mtu),
        EncapsulationLimit = byte.TryParse(result.GetValue(s_encapLimit), out byte limit) ? limit : null,
        FragmentsOutside = result.GetValue(s_fragment) == "outside",
        Device = result.GetValue(s_device),
        TakesDefaultRoute = result.GetValue(s_defaultRoute),
    };

    private static async Task<int> RunAsync(B4Options options, CancellationToken cancellation)
    {
        int mtuBytes = options.MtuBytes ?? DefaultMtuBytes(options);
        using B4Relay relay = new(options);
        await IpAsync("address", "replace", options.InnerAddress, "dev", options.TunName);
        await IpAsync("link", "set", options.TunName, "mtu", $"{mtuBytes}", "up");
        if (options.TakesDefaultRoute)
            await IpAsync("route", "replace", "default", "dev", options.TunName);

        Console.WriteLine(
            $"{options.TunName} up: {options.InnerAddress}, MTU {mtuBytes}, from {options.Local} to {options.Aftr}");
        await Task.Factory.StartNew(
            () => relay.Run(cancellation),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Console.WriteLine(
            $"sent {relay.Sent}, received {relay.Received}, refused {relay.Refused}, failed {relay.Failed}");
        return 0;
    }

    private static async Task IpAsync(params string[] words) =>
        (await CommandRunner.RunAsync("ip", words)).Require();

    /// <summary>MTU of the TUN device when none is named, in bytes.</summary>
    /// <exception cref="LabException">The local address is on no interface.</exception>
    internal static int DefaultMtuBytes(B4Options options)
    {
        const int EthernetMtuBytes = 1500;
        if (options.FragmentsOutside)
            return EthernetMtuBytes;

        NetworkInterface link = NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(candidate => candidate.GetIPProperties().UnicastAddresses
                .Any(own => own.Address.Equals(options.Local)))
            ?? throw new LabException(
                $"No interface of this machine has the address {options.Local}; --local takes one that does.",
                LabException.BadArguments);
        // An address of the loopback is a router's own; its packets leave by some link, which 64 KiB would not fit.
        int mtuBytes = link.NetworkInterfaceType == NetworkInterfaceType.Loopback
            ? EthernetMtuBytes
            : link.GetIPProperties().GetIPv6Properties().Mtu;
        return mtuBytes - options.OverheadBytes;
    }

    private static IPAddress? ParseIpv6(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            return address;

        result.AddError($"'{text}' is not an IPv6 address; one looks like 2001:db8:ffff::1.");
        return null;
    }

    private static void Check(OptionResult result, bool acceptable, string right)
    {
        if (!acceptable)
        {
            string given = string.Join(' ', result.Tokens.Select(token => token.Value));
            result.AddError($"{result.Option.Name}: '{given}' will not do; use {right}.");
        }
    }
}
