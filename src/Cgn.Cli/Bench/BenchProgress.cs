using System;
using System.Diagnostics;
using System.Globalization;

namespace Cgn.Cli.Bench;

/// <summary>One line on the terminal that says what goes on; nothing where there is no terminal.</summary>
internal sealed class BenchProgress
{
    private const int EveryMs = 250;

    private readonly bool _shows = !Console.IsErrorRedirected;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private string _title = "";
    private int _width;

    /// <summary>Begins another case.</summary>
    public void Title(string title) => _title = title;

    /// <summary>Says what goes on.</summary>
    public void Say(string what) => Write($"{_title}: {what}");

    /// <summary>Says how far it has got, some times a second.</summary>
    /// <param name="what">What goes on.</param>
    /// <param name="part">How much of it is done, 0 to 1.</param>
    public void Say(string what, double part)
    {
        if (_since.ElapsedMilliseconds < EveryMs)
            return;
        _since.Restart();
        Write(string.Create(CultureInfo.InvariantCulture, $"{_title}: {what} {part:p0}"));
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => Write("");

    private void Write(string line)
    {
        if (!_shows)
            return;
        Console.Error.Write("\r" + line.PadRight(_width) + (line.Length == 0 ? "\r" : ""));
        _width = line.Length;
    }
}
