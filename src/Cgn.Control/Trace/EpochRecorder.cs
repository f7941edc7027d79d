using System;
using System.IO;

using Cgn.Contract.Settings;

namespace Cgn.Control.Trace;

/// <summary>
/// Writes the epochs of one process. Where there are many static mappings, of which one comes or goes, the change is
/// written and not all of them; what is whole comes often enough that nothing written is more than twice as long.
/// </summary>
/// <param name="file">Where to.</param>
internal sealed class EpochRecorder(EpochFile file)
{
    private const int Many = 64;

    private Epoch? _last;
    private int _changed;

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>Writes the epoch that a configuration begins.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="from">Since when.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public Epoch Append(ConfigSnapshot snapshot, DateTimeOffset from)
    {
        var whole = Epoch.Of(snapshot, from);
        Epoch? change = whole.StaticMappings.Count < Many || _last is null ? null : whole.Since(_last);
        int changed = change is null ? 0
            : _changed + change.StaticMappings.Count + change.StaticMappingsEnded!.Count;
        if (changed >= whole.StaticMappings.Count)
            (change, changed) = (null, 0);
        // A line that may be there or not is nothing to build upon.
        _last = null;
        file.Append(change ?? whole);
        (_last, _changed) = (whole, changed);
        return change ?? whole;
    }
}
