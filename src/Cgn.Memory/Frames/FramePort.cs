namespace Cgn.Memory.Frames;

/// <summary>The two sides of the box, as a frame's descriptor names them.</summary>
public static class FramePort
{
    /// <summary>The access side: softwires and shared-space IPv4.</summary>
    public const byte Inside = 0;

    /// <summary>The public IPv4 side.</summary>
    public const byte Outside = 1;
}
