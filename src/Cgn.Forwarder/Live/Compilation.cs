using System;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Compiles all methods that workers may run, before they do: no packet of a kind that had not come yet waits for it,
/// and what the platform allocates for it (places for texts, say) is not on their threads.
/// </summary>
internal static class Compilation
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private const int OfThread = 0;
    private const int Lowest = 19;

    /// <summary>Compiles what is not compiled yet.</summary>
    /// <param name="isOver">Asked again and again: whether there is no more time for it.</param>
    public static void Run(Func<bool> isOver)
    {
        foreach (Type type in FirstUse.Types)
        {
            if (isOver())
                return;
            foreach (MethodBase method in type.GetMethods(All))
                Prepare(method);
            foreach (MethodBase method in type.GetConstructors(All))
                Prepare(method);
        }
    }

    /// <summary>Does it beside the workers, on a thread that gives way to all others.</summary>
    /// <param name="isOver">As for <see cref="Run"/>.</param>
    public static void RunBehind(Func<bool> isOver) => new Thread(() =>
    {
        _ = setpriority(OfThread, 0, Lowest);
        Run(isOver);
    })
    { IsBackground = true, Name = "compilation" }.Start();

    private static void Prepare(MethodBase method)
    {
        if (method.IsAbstract || method.ContainsGenericParameters)
            return;
        try
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Some can't be compiled ahead (stubs of the platform); they are when they are called.
        }
    }

    // Of Linux's threads each has a priority of its own: 0 is the one that calls.
    [DllImport("libc", SetLastError = true)]
    private static extern int setpriority(int kind, int who, int priority);
}
