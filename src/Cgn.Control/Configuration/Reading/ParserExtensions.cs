using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cgn.Control.Configuration.Reading;

/// <summary>What the event parser lacks.</summary>
internal static class ParserExtensions
{
    /// <summary>The next event, if it is of a type, without consuming it.</summary>
    public static T? Peek<T>(this IParser parser)
        where T : ParsingEvent => parser.Accept<T>(out _) ? (T?)parser.Current : null;
}
