using System;
using System.IO;
using System.Text;

namespace Cgn.Cli;

/// <summary>JSON as text for a writer.</summary>
internal static class JsonText
{
    /// <summary>What something writes.</summary>
    internal static string Of(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
