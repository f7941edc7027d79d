using System;
using System.CommandLine;
using System.IO;

using Xunit;

namespace Cgn.Cli.Tests;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("translate")]
    [InlineData("replay")]
    [InlineData("bench")]
    [InlineData("lab")]
    [InlineData("b4")]
    public void Every_verb_has_help_with_an_example(string verb)
    {
        StringWriter output = new();
        int code = Program.CreateRoot().Parse([verb, "--help"]).Invoke(new InvocationConfiguration { Output = output });
        Assert.Equal(0, code);
        Assert.Contains("Example:", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"cgn {verb}", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cgn lab up --help", "lab", "up", "--nope")]
    [InlineData("cgn bench --help", "bench", "--seconds", "1,2")]
    public void Whoever_errs_is_shown_where_help_is(string where, params string[] arguments)
    {
        TextWriter before = Console.Error;
        using StringWriter error = new();
        Console.SetError(error);
        try
        {
            Assert.Equal(2, Program.Main(arguments));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains(where, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("fly")]
    [InlineData("replay")]
    [InlineData("replay", "a.pcap")]
    [InlineData("replay", "a.pcap", "--access", "carrier-pigeon")]
    [InlineData("replay", "a.pcap", "--access", "nat444", "--subscribers", "0")]
    [InlineData("replay", "a.pcap", "--access", "nat444", "--speed", "fast")]
    [InlineData("replay", "a.pcap", "--access", "nat444", "--workers", "65")]
    [InlineData("replay", "/nowhere/a.pcap", "--access", "nat444")]
    [InlineData("replay", "a.pcap", "--access", "nat444", "--subscribers", "99999999999")]
    [InlineData("replay", "a.pcap", "--access", "nat444", "--workers", "two")]
    [InlineData("translate", "--workers", "x", "-c", "c", "--write-inside", "a", "--write-outside", "b")]
    [InlineData("sample", "--write", "a.pcap", "--clients", "many")]
    [InlineData("lab", "test", "--duration", "long")]
    [InlineData("translate", "--config", "c.yaml", "--write-inside", "a", "--write-outside", "b")]
    public void Unusable_arguments_end_with_2(params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        Assert.Equal(2, Program.Main(arguments));
    }
}
