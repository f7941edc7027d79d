using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Reading;

/// <summary>
/// Maps a YAML document to the model: unknown and duplicate keys, wrong kinds and values, and missing keys are all
/// reported, each at its
/// place, and reading goes on behind them.
/// </summary>
internal sealed class SectionReader(FaultList faults)
{
    private readonly Dictionary<Type, IReadOnlyList<KeyInfo>> _keys = [];

    /// <summary>Reads a section; what is wrong in it keeps its default.</summary>
    /// <param name="type">A <see cref="ConfigSection"/>.</param>
    /// <param name="node">Its node.</param>
    /// <param name="path">Its name for messages; empty for the whole file.</param>
    public ConfigSection Read(Type type, ConfigNode node, string path)
    {
        var section = (ConfigSection)Activator.CreateInstance(type)!;
        section.Place = node.Place;
        IReadOnlyList<KeyInfo> keys = KeysOf(type);
        if (node.Entries is null && !node.IsNothing)
        {
            faults.Error(node.Place, $"{Whole(path)} is {node.Kind}; keys and values would be right: {Names(keys)}");
            section.IsWhole = false;
            return section;
        }

        var seen = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach ((ConfigNode keyNode, ConfigNode value) in node.Entries ?? [])
        {
            string name = keyNode.Word ?? "";
            KeyInfo? key = keys.FirstOrDefault(k => k.Name == name);
            if (keyNode.Word is null)
            {
                faults.Error(keyNode.Place, $"a key of {Whole(path)} is {keyNode.Kind}; a word would be right");
            }
            else if (key is null)
            {
                Unknown(keyNode, keys, path);
            }
            else if (!seen.TryAdd(name, keyNode.Place))
            {
                faults.Error(
                    keyNode.Place,
                    $"{Join(path, name)} is given twice; it stands on line {seen[name].Line} already");
            }
            else
            {
                ReadKey(section, key, value, Join(path, name));
            }
        }

        foreach (KeyInfo key in keys.Where(key => key.Key.Required && !seen.ContainsKey(key.Name)))
        {
            faults.Error(node.Place, $"{Whole(path)} lacks its key {key.Name}");
            section.IsWhole = false;
        }

        return section;
    }

    private static string Whole(string path) => path.Length == 0 ? "the configuration" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Names(IEnumerable<KeyInfo> keys) => string.Join(", ", keys.Select(static key => key.Name));

    private IReadOnlyList<KeyInfo> KeysOf(Type type)
    {
        if (!_keys.TryGetValue(type, out IReadOnlyList<KeyInfo>? keys))
            _keys[type] = keys = KeyInfo.Of(type);
        return keys;
    }

    private void Unknown(ConfigNode node, IReadOnlyList<KeyInfo> keys, string path)
    {
        string known = Spelling.Suggest(node.Word!, [.. keys.Select(static key => key.Name)], "the keys here are");
        faults.Error(node.Place, $"'{node.Word}' is no key of {Whole(path)}; {known}");
    }

    private void ReadKey(ConfigSection section, KeyInfo key, ConfigNode node, string path)
    {
        section.SetPlace(key.Property.Name, node.Place);
        object? value = key.IsList ? ReadItems(section, key, node, path) : ReadOne(key, node, path);
        if (value is null)
            section.IsWhole = false;
        else
            key.Property.SetValue(section, value);
    }

    private object? ReadOne(KeyInfo key, ConfigNode node, string path)
    {
        if (key.IsSection)
            return Read(key.ValueType, node, path);
        if (node.Items is not null && ValueReader.TakesList(key.ValueType))
            return ReadWords(key, node, path);
        if (node.Word is null || node.IsNothing)
        {
            faults.Error(node.Place, node.IsNothing
                ? $"{path} has no value; write one or leave the key out"
                : $"{path} is {node.Kind}; one value would be right");
            return null;
        }

        (object? value, string fault) = ValueReader.Read(key, node.Word);
        if (fault.Length != 0)
            faults.Error(node.Place, $"{path}: {fault}");
        return value;
    }

    private object? ReadWords(KeyInfo key, ConfigNode node, string path)
    {
        (object? value, string fault) = ValueReader.ReadList(
            key, [.. node.Items!.Select(static item => item.Word ?? "")]);
        if (fault.Length != 0)
            faults.Error(node.Place, $"{path}: {fault}");
        return value;
    }

    private IList? ReadItems(ConfigSection section, KeyInfo key, ConfigNode node, string path)
    {
        if (node.Items is null)
        {
            faults.Error(node.Place, $"{path} is {(node.IsNothing ? "empty" : node.Kind)}; a list would be right");
            return null;
        }

        if (node.Items.Count == 0 && key.Key.Required)
            faults.Error(node.Place, $"{path} is an empty list; one item at least is needed");
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(key.ValueType))!;
        foreach (ConfigNode item in node.Items)
        {
            if (ReadOne(key, item, $"{path}[{items.Count}]") is not { } value)
                continue;
            section.SetPlace(key.Property.Name, item.Place, items.Count);
            items.Add(value);
        }

        return items;
    }
}
