using System.Collections.Generic;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The section api: what may be left out, and where.</summary>
public class ApiSectionTests
{
    private const string Tls = "tls: { certificate-file: a.crt, key-file: a.key";

    [Theory]
    [InlineData("listen: '127.0.0.1:8464'")]
    [InlineData("listen: '[::1]:8464'")]
    [InlineData("listen: 'localhost:8464', token-file: tokens")]
    [InlineData("listen: '0.0.0.0:8464', token-file: tokens, " + Tls + " }")]
    [InlineData("listen: 'aftr.example.com:8464', " + Tls + ", client-ca-file: ca.crt, client-role: write }")]
    public void What_is_safe_is_right(string keys) => Assert.Empty(Lines(keys));

    [Theory]
    [InlineData("listen: '0.0.0.0:8464'", "a section tls with certificate-file and key-file is needed",
        "token-file or tls.client-ca-file is needed")]
    [InlineData("listen: '192.0.2.1:8464', token-file: tokens", "tokens would be read on the way")]
    [InlineData("listen: '[2001:db8::1]:8464', " + Tls + " }", "everybody could ask")]
    [InlineData("listen: '127.0.0.1:8464', audit-log: logs/", "api.audit-log 'logs/' is a directory")]
    [InlineData("listen: '127.0.0.1:8464', tls: { key-file: a.key }", "api.tls lacks its key certificate-file")]
    [InlineData("listen: '127.0.0.1:8464', " + Tls + ", client-role: all }", "'all' is no choice of client-role")]
    [InlineData("{}", "api lacks its key listen")]
    public void What_is_not_is_an_error_at_its_place(string keys, params string[] messages)
    {
        IReadOnlyList<string> lines = Lines(keys);

        Assert.Equal(messages.Length, lines.Count);
        Assert.All(messages, message => Assert.Contains(lines, line => line.Contains(message)));
        Assert.All(lines, static line => Assert.StartsWith("test.yaml:13:", line));
    }

    [Fact]
    public void Aliases_of_aliases_are_refused_before_they_fill_the_memory()
    {
        string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
        for (char c = 'b'; c < 'l'; c++)
            bomb += $"{c}: &{c} [{string.Join(", ", System.Linq.Enumerable.Repeat($"*{(char)(c - 1)}", 10))}]\n";

        Assert.Contains(
            ConfigText.Lines(ConfigText.Small + bomb), static line => line.Contains("aliases, written out"));
    }

    private static IReadOnlyList<string> Lines(string keys) =>
        ConfigText.Lines(ConfigText.Small + (keys == "{}" ? "api: {}\n" : $"api: {{ {keys} }}\n"));
}
