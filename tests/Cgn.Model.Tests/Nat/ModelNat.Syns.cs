using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// Connections from outside that nothing admits: the answer waits, in case the inside opens the same (RFC 5382 REQ-4).
internal sealed partial class ModelNat
{
    private const int SynsMin = 2;

    private readonly List<(
        Parcel Parcel, Endpoint External, Endpoint Remote, DropReason Reason, uint Since)> _syns = [];

    private bool TryHoldSyn(Parcel c, Endpoint external, Endpoint remote, DropReason refusal)
    {
        bool isAnswered = refusal == DropReason.Filtered ? _settings.UnsolicitedSyn != UnsolicitedSyn.Drop
            : refusal == DropReason.NoMapping && _settings.UnsolicitedSyn == UnsolicitedSyn.Icmp;
        if (!isAnswered || c.Packet.Protocol != Datagram.Tcp || c.Packet.IsFragment || !IsOpening(c.Packet)
            || _syns.Exists(held => held.External == external && held.Remote == remote))
            return false;
        // How many may wait follows from the frames that there are; few always may.
        if (_syns.Count >= SynsMin && _choices.UnexplainedDrops(refusal) > Drops(refusal))
            return false;
        _syns.Add((c, external, remote, refusal, _tick));
        Count(CounterId.Held);
        return true;
    }

    // It came somewhere within its tick, so that one more has to pass.
    private void AnswerHeldSyns()
    {
        foreach (var held in _syns.Where(held => _tick - held.Since > _settings.TcpInSynTimeout).ToList())
        {
            _syns.Remove(held);
            Count(CounterId.Held, -1);
            if (FindInbound(Datagram.Tcp, held.External, held.Remote) is null)
                AnswerError(held.Parcel, Sort.Flow, held.Reason, 3, 3, 0);
            else
                Drop(held.Reason);
        }
    }
}
