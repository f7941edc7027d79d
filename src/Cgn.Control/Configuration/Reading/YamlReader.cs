using System;
using System.Collections.Generic;
using System.IO;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cgn.Control.Configuration.Reading;

/// <summary>
/// Reads a YAML document into <see cref="ConfigNode"/>s, keeping places and duplicates for the mapper to judge.
/// </summary>
internal sealed class YamlReader
{
    private const int DepthMax = 32;

    // Far more than the largest file has nodes; a few lines of aliases of aliases would have billions.
    private const long WeightMax = 64_000_000;

    private const string ConfigurationNeeds =
        "the file is empty; at least gateway and external-ip-address-pools are needed";

    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    // Those in brackets that are being read, the innermost on top.
    private readonly Stack<NodeEvent> _brackets = new();
    private readonly Parser _parser;
    private readonly FaultList _faults;
    private readonly string _empty;
    private int _depth;

    private YamlReader(TextReader text, FaultList faults, string empty)
    {
        _parser = new Parser(text);
        _faults = faults;
        _empty = empty;
    }

    /// <summary>Reads the one document of a file.</summary>
    /// <param name="text">The document.</param>
    /// <param name="faults">What is wrong.</param>
    /// <param name="not">What a text that can't be read is not: whoever writes JSON, which is YAML, knows it as that.
    /// </param>
    /// <param name="empty">What is said of a text without content.</param>
    /// <returns>Its root, or null when it is no YAML or empty: then there is an error.</returns>
    public static ConfigNode? Read(
        TextReader text, FaultList faults, string not = "not YAML", string empty = ConfigurationNeeds)
    {
        YamlReader reader = new(text, faults, empty);
        try
        {
            return reader.Document();
        }
        catch (YamlException error)
        {
            faults.Error(PlaceOf(error.Start), $"this is {not}: {error.Message.TrimEnd('.')}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the scanner throws for some texts that are no YAML, without a place: name the last good one.
            faults.Error(
                PlaceOf(reader._parser.Current?.End ?? Mark.Empty), $"this is {not} from here on{reader.Cause()}");
            return null;
        }
    }

    // Most often a bracket that is still open when the next line begins another key.
    private string Cause() => _brackets.TryPeek(out NodeEvent? open)
        ? $": the {(open is MappingStart ? '{' : '[')} of line {open.Start.Line}, column {open.Start.Column} is not "
            + $"closed; a comma or {(open is MappingStart ? '}' : ']')} would be right"
        : "";

    private static Place PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private ConfigNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _faults.Error(default, _empty);
            return null;
        }

        _parser.Consume<DocumentStart>();
        ConfigNode root = Node();
        _parser.Consume<DocumentEnd>();
        if (_parser.Peek<DocumentStart>() is { } second)
            _faults.Error(PlaceOf(second.Start), "a second document begins here; a configuration is one document");
        return root;
    }

    private ConfigNode Node()
    {
        if (_parser.Peek<AnchorAlias>() is { } alias)
        {
            _parser.MoveNext();
            return _anchors.TryGetValue(alias.Value.Value, out ConfigNode? named)
                ? named
                : throw new YamlException(alias.Start, alias.End, $"no anchor &{alias.Value.Value} comes before this");
        }

        NodeEvent start = _parser.Peek<NodeEvent>()
            ?? throw new YamlException(Mark.Empty, Mark.Empty, "the document ends too early");
        if (++_depth > DepthMax)
            throw new YamlException(start.Start, start.End, $"more than {DepthMax} levels; four would be enough");
        bool isBracket = start is SequenceStart { Style: SequenceStyle.Flow }
            or MappingStart { Style: MappingStyle.Flow };
        if (isBracket)
            _brackets.Push(start);
        ConfigNode node = start switch
        {
            SequenceStart => Sequence(),
            MappingStart => Mapping(),
            _ => Scalar(),
        };
        if (isBracket)
            _brackets.Pop();
        _depth--;
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = node;
        return node;
    }

    private ConfigNode Scalar()
    {
        Scalar scalar = _parser.Consume<Scalar>();
        return new ConfigNode
        {
            Place = PlaceOf(scalar.Start),
            Word = scalar.Value,
            IsPlain = scalar.Style == ScalarStyle.Plain,
        };
    }

    private ConfigNode Sequence()
    {
        SequenceStart start = _parser.Consume<SequenceStart>();
        var items = new List<ConfigNode>();
        long weight = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node());
            weight = Weigh(start, weight + items[^1].Weight);
        }

        return new ConfigNode { Place = PlaceOf(start.Start), Items = items, Weight = weight };
    }

    private ConfigNode Mapping()
    {
        MappingStart start = _parser.Consume<MappingStart>();
        var entries = new List<(ConfigNode Key, ConfigNode Value)>();
        long weight = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            entries.Add((Node(), Node()));
            weight = Weigh(start, weight + entries[^1].Key.Weight + entries[^1].Value.Weight);
        }

        return new ConfigNode { Place = PlaceOf(start.Start), Entries = entries, Weight = weight };
    }

    private static long Weigh(NodeEvent start, long weight) => weight <= WeightMax
        ? weight
        : throw new YamlException(start.Start, start.End, "its aliases, written out, make it too large to be read");
}
