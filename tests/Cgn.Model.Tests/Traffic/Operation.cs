using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Model.Tests.Traffic;

/// <summary>A thing that happens, by small numbers: whatever they are, it means something.</summary>
internal sealed record Operation(OperationKind Kind, int[] Values)
{
    public static readonly int FieldCount = Enum.GetValues<Field>().Length;

    public int this[Field field] => Values[(int)field];

    public static Operation Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] values = new int[FieldCount];
        foreach (string[] pair in words.Skip(1).Select(word => word.Split('=')))
            values[(int)Enum.Parse<Field>(pair[0], ignoreCase: true)] = int.Parse(pair[1]);
        return new Operation(Enum.Parse<OperationKind>(words[0], ignoreCase: true), values);
    }

    public Operation With(Field field, int value)
    {
        int[] values = (int[])Values.Clone();
        values[(int)field] = value;
        return this with { Values = values };
    }

    public override string ToString()
    {
        IEnumerable<string> set = Enum.GetValues<Field>().Where(field => this[field] != 0)
            .Select(field => $"{field}={this[field]}");
        return string.Join(' ', set.Prepend(Kind.ToString())).ToLowerInvariant();
    }
}
