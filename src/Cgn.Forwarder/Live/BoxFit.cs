using System;
using System.Collections.Generic;

using Cgn.Contract.Settings;

namespace Cgn.Forwarder.Live;

/// <summary>A configuration and what the box itself has to say to it: its addresses, its devices' MTUs.</summary>
/// <param name="Written">As the control plane wrote it.</param>
/// <param name="Mtu">The devices' MTUs.</param>
/// <param name="Snapshot">What to run by.</param>
/// <param name="Notes">A sentence for each thing that the operator should know.</param>
internal sealed record BoxFit(
    ConfigSnapshot Written, DeviceMtu Mtu, ConfigSnapshot Snapshot, IReadOnlyList<string> Notes)
{
    /// <summary>Asks the box as it is now.</summary>
    /// <param name="written">The configuration.</param>
    internal static BoxFit Of(ConfigSnapshot written)
    {
        List<string> notes = [];
        DeviceMtu mtu = DeviceMtu.Read(written);
        ConfigSnapshot snapshot = mtu.Fit(OutsideSource.Fill(written), notes);
        notes.AddRange(OwnedAddresses.Notes(written, OwnedAddresses.OfBox()));
        return new BoxFit(written, mtu, snapshot, notes);
    }

    /// <summary>Tells the operator.</summary>
    internal void Tell()
    {
        foreach (string note in Notes)
            Console.Error.WriteLine($"cgn-forwarder: warning: {note}");
    }
}
