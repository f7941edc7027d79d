using System;

using Cgn.Contract.Process;
using Cgn.Memory.Arenas;

namespace Cgn.Forwarder.Live;

/// <summary>Keeps the status page: what this process says of itself to the control plane and to onlookers.</summary>
internal sealed class StatusWriter
{
    /// <summary>What the name of every driver over AF_XDP begins with.</summary>
    public const string XdpDriver = "af_xdp";

    // More routes than can change between two signs of life.
    private const uint GenerationsAhead = 1 << 16;

    private readonly NativeArray<StatusPage> _page;

    /// <summary>Takes the page over, or makes it, with a new incarnation.</summary>
    /// <param name="section">The section <see cref="SectionNames.Forwarder"/>.</param>
    /// <param name="shape">What the sections beside it are made for.</param>
    public StatusWriter(ArenaSection section, StatusPage shape)
    {
        _page = new NativeArray<StatusPage>(section, 1);
        ref StatusPage page = ref _page[0];
        bool isThere = page.Magic == StatusPage.ExpectedMagic;
        FirstGeneration = isThere ? page.NextHopGeneration + GenerationsAhead : 1;
        uint incarnation = isThere ? page.Incarnation + 1 : 1;
        CopiedFrames = isThere && page.CopiesFrames != 0;
        UsedXdp = isThere && page.InsideDriver.ToString().StartsWith(XdpDriver, StringComparison.Ordinal);
        long nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        page = shape with
        {
            LayoutVersion = StatusPage.CurrentLayoutVersion,
            ProcessId = Environment.ProcessId,
            StartedUnixMs = nowMs,
            // Sections of another shape are gone by now, and a page with them: what is there goes on.
            CountersSinceUnixMs = page.CountersSinceUnixMs == 0 ? nowMs : page.CountersSinceUnixMs,
            State = ForwarderState.Starting,
            Incarnation = incarnation,
            NextHopGeneration = FirstGeneration,
            Magic = StatusPage.ExpectedMagic,
        };
    }

    /// <summary>The next-hop table's first generation: none that a record has.</summary>
    public uint FirstGeneration { get; }

    /// <summary>The process before had its frames copied by the kernel.</summary>
    public bool CopiedFrames { get; }

    /// <summary>The process before had its devices under AF_XDP.</summary>
    public bool UsedXdp { get; }

    /// <summary>The page.</summary>
    public ref StatusPage Page => ref _page[0];
}
