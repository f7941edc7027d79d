using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;

namespace Cgn.Control.Configuration.Comparison;

/// <summary>Two configurations, key by key: what differs once defaults are filled in.</summary>
public static class OptionsComparison
{
    /// <summary>All keys that differ, in the order of the model.</summary>
    /// <param name="now">The configuration that is.</param>
    /// <param name="next">The one to be.</param>
    public static IReadOnlyList<KeyDifference> Differences(GatewayOptions now, GatewayOptions next)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(next);
        List<KeyDifference> found = [];
        Compare(found, "", now, next);
        return found;
    }

    private static void Compare(List<KeyDifference> found, string path, ConfigSection now, ConfigSection next)
    {
        foreach (KeyInfo key in KeyInfo.Of(now.GetType()))
        {
            string name = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            object? was = key.Property.GetValue(now);
            object? wanted = key.Property.GetValue(next);
            if (key is { IsList: true, IsSection: true })
                CompareItems(found, name, key, Sections(was), Sections(wanted));
            else if (key.IsSection && was is ConfigSection one && wanted is ConfigSection other)
                Compare(found, name, one, other);
            else
                Add(found, name, ValueText.Of(key, was), ValueText.Of(key, wanted), key.IsSection);
        }
    }

    // Named items are compared with their namesakes; of others those count that stand on one side only.
    private static void CompareItems(
        List<KeyDifference> found, string path, KeyInfo key, ConfigSection[] now, ConfigSection[] next)
    {
        string[] before = [.. now.Select(ValueText.Of)];
        string[] after = [.. next.Select(ValueText.Of)];
        if (before.AsSpan().SequenceEqual(after))
            return;
        if (TryName(key, now, out Dictionary<string, ConfigSection> was)
            && TryName(key, next, out Dictionary<string, ConfigSection> wanted))
        {
            CompareNamed(found, path, was, wanted);
            return;
        }

        int sofar = found.Count;
        foreach (string gone in Without(before, after))
            found.Add(new KeyDifference(path, gone, null, IsSection: true));
        foreach (string added in Without(after, before))
            found.Add(new KeyDifference(path, null, added, IsSection: true));
        if (found.Count == sofar)
            found.Add(new KeyDifference(path, "in another order", "in another order", IsSection: true));
    }

    private static void CompareNamed(
        List<KeyDifference> found, string path, Dictionary<string, ConfigSection> now,
        Dictionary<string, ConfigSection> next)
    {
        int sofar = found.Count;
        foreach ((string name, ConfigSection was) in now)
        {
            if (next.TryGetValue(name, out ConfigSection? wanted))
                Compare(found, $"{path}[{name}]", was, wanted);
            else
                found.Add(new KeyDifference($"{path}[{name}]", ValueText.Of(was), null, IsSection: true));
        }

        foreach ((string name, ConfigSection wanted) in next.Where(entry => !now.ContainsKey(entry.Key)))
            found.Add(new KeyDifference($"{path}[{name}]", null, ValueText.Of(wanted), IsSection: true));
        if (found.Count == sofar)
            Add(found, path, $"[{string.Join(", ", now.Keys)}]", $"[{string.Join(", ", next.Keys)}]", isSection: true);
    }

    // By the first key, where it must be given and no two items have it alike.
    private static bool TryName(
        KeyInfo key, ConfigSection[] items, out Dictionary<string, ConfigSection> named)
    {
        named = [];
        KeyInfo first = KeyInfo.Of(key.ValueType)[0];
        if (!first.Key.Required || first.IsList || first.IsSection)
            return false;
        foreach (ConfigSection item in items)
        {
            if (!named.TryAdd(ValueText.Of(first, first.Property.GetValue(item)) ?? "", item))
                return false;
        }

        return true;
    }

    private static IEnumerable<string> Without(string[] items, string[] others)
    {
        Dictionary<string, int> left = others.CountBy(static item => item).ToDictionary();
        foreach (string item in items)
        {
            int count = left.GetValueOrDefault(item);
            if (count == 0)
                yield return item;
            left[item] = Math.Max(0, count - 1);
        }
    }

    private static ConfigSection[] Sections(object? list) => [.. ((IEnumerable)list!).Cast<ConfigSection>()];

    private static void Add(List<KeyDifference> found, string path, string? now, string? next, bool isSection)
    {
        if (now != next)
            found.Add(new KeyDifference(path, now, next, isSection));
    }
}
