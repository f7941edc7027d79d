using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// One thing that the lab verifies, once for each home that it applies to or once for the gateway as a whole.
/// </summary>
public interface ILabCheck
{
    /// <summary>The name in tables.</summary>
    string Name { get; }

    /// <summary>It is about the gateway that runs; else it starts one of its own.</summary>
    bool UsesGateway => true;

    /// <summary>Whether it is made for this home; null asks about the gateway as a whole.</summary>
    bool AppliesTo(LabHome? home);

    /// <summary>
    /// Makes it. The same check runs for several homes at the same time, different checks one after another.
    /// </summary>
    /// <param name="session">The running gateway and what is known of it.</param>
    /// <param name="home">The home; null for the gateway as a whole.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LabException">A tool failed; that counts as a failed check, with the message as its
    /// reason.</exception>
    Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation);
}
