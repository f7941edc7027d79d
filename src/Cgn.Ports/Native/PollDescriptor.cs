using System.Runtime.InteropServices;

namespace Cgn.Ports.Native;

/// <summary>struct pollfd, poll(2): 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    internal const short In = 1;
    internal const short Out = 4;

    public int Descriptor;
    public short Events;
    public short Result;
}
