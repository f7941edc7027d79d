using System;

namespace Cgn.Cli.Replay;

/// <summary>Changes a frame that has left the gateway, as a faulty gateway would have.</summary>
/// <param name="side">Where it left.</param>
/// <param name="frame">The frame.</param>
/// <returns>False to lose it.</returns>
internal delegate bool FrameTamper(byte side, Span<byte> frame);
