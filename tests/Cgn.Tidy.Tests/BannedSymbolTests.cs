using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>
/// The analyzer that keeps clocks, chance and locks off the packet path passes over a ban whose name does not exist,
/// and a lock statement names no type. Both are looked at here.
/// </summary>
public sealed partial class BannedSymbolTests
{
    private const string Analyzer = "Microsoft.CodeAnalysis.BannedApiAnalyzers";
    private static readonly string[] s_packetPath =
        ["Cgn.Wire", "Cgn.Memory", "Cgn.Nat", "Cgn.Softwire", "Cgn.Pipeline"];

    public static TheoryData<string> Bans { get; } =
        [.. Repository.ReadLines("src/BannedSymbols.txt").Select(line => line.Split(';')[0].Trim())];

    [Theory]
    [MemberData(nameof(Bans))]
    public void A_banned_symbol_exists(string symbol)
    {
        string name = symbol[2..];
        bool exists = symbol[0] switch
        {
            'N' => Types().Any(type => type.Namespace == name),
            'T' => Types().Any(type => type.FullName == name),
            'P' or 'M' => Member(name) is not null,
            _ => false,
        };
        Assert.True(exists, $"src/BannedSymbols.txt bans {symbol}, which nothing is called");
    }

    [Fact]
    public void Every_room_on_the_packet_path_is_built_with_the_bans()
    {
        IEnumerable<string> without = from room in s_packetPath
                                      let packages = Repository.Read($"src/{room}/packages.lock.json")
                                      where !packages.Contains(Analyzer, StringComparison.Ordinal)
                                      select room;
        Findings.None(without, "A room on the packet path has the analyzer");
    }

    [Fact]
    public void Nothing_is_locked_or_awaited_on_the_packet_path()
    {
        IEnumerable<string> found = from file in Repository.Sources([.. s_packetPath.Select(room => "src/" + room)])
                                    from line in Repository.ReadLines(file).Index()
                                    where Statement().IsMatch(line.Item)
                                    select $"{file}:{line.Index + 1}: {line.Item.Trim()}";
        Findings.None(found, "Nothing is locked or awaited on the packet path");
    }

    private static MemberInfo? Member(string name)
    {
        string[] parts = name.Split('(');
        int dot = parts[0].LastIndexOf('.');
        Type? owner = Types().FirstOrDefault(type => type.FullName == parts[0][..dot]);
        string[] parameters = parts.Length == 1 ? [] : parts[1].TrimEnd(')').Split(',');
        return owner?.GetMember(parts[0][(dot + 1)..]).FirstOrDefault(member =>
            member is not MethodInfo method
            || method.GetParameters().Select(given => given.ParameterType.FullName).SequenceEqual(parameters));
    }

    private static IEnumerable<Type> Types() => new[]
    {
        typeof(object), typeof(Console), typeof(Enumerable), typeof(System.Diagnostics.Stopwatch),
        typeof(System.Security.Cryptography.RandomNumberGenerator), typeof(System.Threading.ReaderWriterLockSlim),
        typeof(System.Threading.Semaphore),
    }.Select(type => type.Assembly).Distinct().SelectMany(assembly => assembly.GetExportedTypes());

    [GeneratedRegex(@"^\s*(lock \(|await |.*\basync )")]
    private static partial Regex Statement();
}
