using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Model.Tests.Traffic;

namespace Cgn.Model.Tests.Running;

/// <summary>A configuration and what happens under it: a text file of one line each.</summary>
internal sealed record Case(ModelConfig Config, IReadOnlyList<Operation> Operations)
{
    public static Case Read(string file) => Parse(File.ReadAllLines(file));

    public static Case Parse(IEnumerable<string> text)
    {
        string[] lines = [.. text.Select(line => line.Trim()).Where(line => line.Length != 0 && line[0] != '#')];
        return new Case(
            ModelConfig.Parse(lines[0]["config".Length..]), [.. lines.Skip(1).Select(Operation.Parse)]);
    }

    public void Write(string file, string difference) => File.WriteAllText(file, $"# {difference}\n{this}");

    public override string ToString() =>
        $"config {Config}\n" + string.Concat(Operations.Select(operation => operation + "\n"));
}
