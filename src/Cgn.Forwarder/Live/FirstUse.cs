using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Cgn.Contract;
using Cgn.Memory;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Ports;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Forwarder.Live;

/// <summary>
/// What the platform does when something is used for the first time, by whichever thread comes first, and what may
/// allocate: types are initialised, functions of the system's libraries are looked up. Done before workers run.
/// </summary>
internal static class FirstUse
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static bool s_isDone;

    /// <summary>The types of all assemblies that workers run code of, but those with type parameters.</summary>
    public static IEnumerable<Type> Types => new[]
    {
        typeof(Ipv4Address), typeof(Hash), typeof(Tick), typeof(NatShard), typeof(Ipv6Reassembler),
        typeof(GatewayPipeline), typeof(PortException), typeof(FirstUse),
    }.SelectMany(static one => one.Assembly.GetTypes()).Where(static type => !type.ContainsGenericParameters);

    /// <summary>Does it; the second time nothing is left to do.</summary>
    public static void Anticipate()
    {
        if (s_isDone)
            return;
        s_isDone = true;
        foreach (Type type in Types)
        {
            Try(() => RuntimeHelpers.RunClassConstructor(type.TypeHandle));
            foreach (MethodInfo method in type.GetMethods(All))
            {
                if (method.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
                    Try(() => Marshal.Prelink(method));
            }
        }
    }

    // A library that is missing, say: whoever uses it meets that again, and says why.
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException
            or EntryPointNotFoundException or BadImageFormatException)
        {
        }
    }
}
