using System;
using System.Threading;

using Cgn.Ports.Native;

namespace Cgn.Ports.Xdp;

/// <summary>Waits for what somebody else still has, until a time that is the same for all of it.</summary>
/// <param name="milliseconds">How long, from now; 0 waits for nothing.</param>
internal sealed class Patience(int milliseconds)
{
    private readonly long _until = Environment.TickCount64 + milliseconds;

    /// <summary>There is somebody to wait for.</summary>
    internal bool Waits { get; } = milliseconds > 0;

    /// <summary>Asks until the answer is another one than that somebody else has it, or time is up.</summary>
    /// <param name="ask">What is asked; negative is an error of the system.</param>
    /// <returns>The last answer.</returns>
    internal int Ask(Func<int> ask)
    {
        while (true)
        {
            int answer = ask();
            if (answer is not (-LibC.ErrorBusy or -LibC.ErrorExists) || Environment.TickCount64 >= _until)
                return answer;
            Thread.Sleep(1);
        }
    }
}
