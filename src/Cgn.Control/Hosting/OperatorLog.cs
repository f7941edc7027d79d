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

    private readonly Lock _gate = new();

    /// <summary>Tells something that is as it should be.</summary>
    /// <param name="message">One line.</param>
    public void Info(string message) => Line(message);

    /// <summary>Tells something that needs attention, while the gateway goes on.</summary>
    /// <param name="message">One line.</param>
    public void Warn(string message) => Line("warning: " + message);

    /// <summary>Passes on a line of the forwarder's, which may carry the program's name already.</summary>
    /// <param name="line">One line.</param>
    public void Relay(string line) => Line(line.StartsWith(Prefix, System.StringComparison.Ordinal) ? line[Prefix.Length..] : line);

    private void Line(string message)
    {
        lock (_gate)
        {
            to.WriteLine(Prefix + message);
            to.Flush();
        }
    }
}
