using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline;

/// <summary>Where frames lie after the stages, until the worker moves them on.</summary>
public sealed class PipelineOutput
{
    /// <summary>Frames that fit a queue: a batch whose every packet releases and splits into many still fits.</summary>
    public const int QueueCapacity = 2048;

    /// <summary>Frames that lie in the queues that a worker empties.</summary>
    public int Waiting => ToInside.Count + ToOutside.Count + Handoffs.Count;

    /// <summary>To leave by the inside port.</summary>
    public FrameQueue ToInside { get; } = new(QueueCapacity);

    /// <summary>To leave by the outside port.</summary>
    public FrameQueue ToOutside { get; } = new(QueueCapacity);

    /// <summary>To go through the inbound way of this worker: hairpinned packets, and fragments whose first has
    /// come.</summary>
    public FrameQueue AgainOutside { get; } = new(QueueCapacity);

    /// <summary>To go through the outbound way of this worker: reassembled softwire packets, and fragments whose
    /// first has come.</summary>
    public FrameQueue AgainInside { get; } = new(QueueCapacity);

    /// <summary>To go to another worker, whose number stands in <see cref="Memory.Frames.Frame.Worker"/>.</summary>
    public FrameQueue Handoffs { get; } = new(QueueCapacity);
}
