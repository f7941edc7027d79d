using System;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Checks;

/// <summary>A check that is made from every home.</summary>
public abstract class HomeCheck : ILabCheck
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual bool AppliesTo(LabHome? home) => home is not null;

    /// <inheritdoc/>
    public Task<LabVerdict> RunAsync(LabSession session, LabHome? home, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(home);
        return RunAtAsync(session, home, cancellation);
    }

    /// <summary>Makes it for one home.</summary>
    protected abstract Task<LabVerdict> RunAtAsync(LabSession session, LabHome home, CancellationToken cancellation);
}
