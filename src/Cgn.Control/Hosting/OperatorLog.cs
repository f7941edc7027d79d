using System;
using System.IO;
using System.Threading;

namespace Cgn.Control.Hosting;

/// <summary>
/// What the gateway tells the operator while it runs: lines on standard error, each with the program's name.
/// </summary>
/// <param name="to">Where to.</param>
public sealed class OperatorLog(TextWriter to)
{
    private const string Prefix = "cgn: ";
    private const string ForwarderPrefix = "cgn-forwarder: ";

    private readonly Lock _gate = new();

    /// <summary>Tells something that is as it should be.</summary>
    /// <param name="message">One line.</param>
    public void Info(string message) => Line(message);

    /// <summary>Tells something that needs attention, while the gateway goes on.</summary>
    /// <param name="message">One line.</param>
    public void Warn(string message) => Line("warning: " + message);

    /// <summary>Passes on a line of the forwarder's standard error, which begins with its name.</summary>
    /// <param name="line">One line.</param>
    public void Relay(string line) => Line("forwarder: "
        + (line.StartsWith(ForwarderPrefix, StringComparison.Ordinal) ? line[ForwarderPrefix.Length..] : line));

    private void Line(string message)
    {
        lock (_gate)
        {
            to.WriteLine(Prefix + message);
            to.Flush();
        }
    }
}
