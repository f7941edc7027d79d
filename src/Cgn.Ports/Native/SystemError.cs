using System;
using System.Runtime.InteropServices;

namespace Cgn.Ports.Native;

/// <summary>Error numbers of the system in words.</summary>
internal static class SystemError
{
    /// <summary>What an error number means, positive or negative, with the number.</summary>
    internal static string Text(int error) =>
        $"{Marshal.GetPInvokeErrorMessage(Math.Abs(error))} (error {Math.Abs(error)})";

    /// <summary>What the last call that set errno ran into.</summary>
    internal static string Last() => Text(Marshal.GetLastPInvokeError());
}
