using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Servers;

namespace Cgn.Cli.Lab;

/// <summary>The verb `cgn lab`: a whole network in namespaces on this machine.</summary>
public static class LabCommand
{
    /// <summary>Makes the command, ready to be added to the root command.</summary>
    public static Command Create() => new("lab", """
        A whole network in namespaces on this machine: two homes behind B4s, one behind a NAT444 router, the gateway,
        and an Internet with an HTTP, a DNS, an echo and an iperf3 server. Needs root.

        Example:
          cgn lab up && cgn lab test --driver both; cgn lab down
        """)
    {
        CreateUp(), LabTestCommand.Create(CreateMtu(), CreateB4()), CreateDown(),
        ServersCommand.Create(), ProbeCommand.Create(),
    };

    private static Command CreateUp()
    {
        Option<int> mtu = CreateMtu();
        Option<string> b4 = CreateB4();
        Command command = new("up", """
            Makes the lab and prints what it makes; what already stands stays.

            Example:
              cgn lab up --access-mtu 1500
            """)
        {
            mtu, b4,
        };
        command.SetAction((result, _) => LabFailure.GuardAsync(async () =>
        {
            LabBuilder builder = new(new LabTopology(result.GetValue(mtu)), Console.WriteLine);
            await builder.UpAsync(result.GetRequiredValue(b4));
            return 0;
        }));
        return command;
    }

    private static Command CreateDown()
    {
        Command command = new("down", """
            Removes every namespace, interface, process and XDP program of the lab. Safe at any time.

            Example:
              cgn lab down
            """);
        command.SetAction((_, _) => LabFailure.GuardAsync(async () =>
        {
            await LabBuilder.DownAsync(Console.WriteLine);
            return 0;
        }));
        return command;
    }

    private static Option<int> CreateMtu()
    {
        Option<int> option = new("--access-mtu")
        {
            Description = "MTU of the access links, bytes: 1540 carries 1500-byte packets whole, 1500 must fragment.",
            DefaultValueFactory = _ => 1540,
        };
        option.Validators.Add(result =>
        {
            if (!CountOption.IsWithin(result, 1280, 9000, out _))
                result.AddError("--access-mtu: use 1280 (the least that IPv6 allows) to 9000.");
        });
        return option;
    }

    private static Option<string> CreateB4()
    {
        Option<string> option = new("--b4")
        {
            Description = "The homes' B4: the kernel's ip6tnl, our own (cgn b4), or the kernel's where it has one.",
            DefaultValueFactory = _ => "auto",
        };
        option.AcceptOnlyFromAmong("auto", "kernel", "own");
        return option;
    }
}
