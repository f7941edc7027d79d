using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Memory;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Ports;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Forwarder.Live;

/// <summary>
/// What types of ours make when they are first used: done before workers run, which allocate nothing. The platform
/// would have it done by whichever thread comes first.
/// </summary>
internal static class TypeInitialisers
{
    /// <summary>The assemblies that workers run code of.</summary>
    public static IEnumerable<Assembly> Assemblies { get; } = [.. new[]
    {
        typeof(Ipv4Address), typeof(Hash), typeof(Tick), typeof(NatShard), typeof(Ipv6Reassembler),
        typeof(GatewayPipeline), typeof(PortException), typeof(TypeInitialisers),
    }.Select(static type => type.Assembly)];

    private static bool s_haveRun;

    /// <summary>Runs all that have not run yet; the second time nothing is left to do.</summary>
    public static void Run()
    {
        if (s_haveRun)
            return;
        s_haveRun = true;
        foreach (Type type in Assemblies.SelectMany(static assembly => assembly.GetTypes()))
        {
            if (type.ContainsGenericParameters)
                continue;
            try
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
            catch (TypeInitializationException)
            {
                // Whoever uses the type meets it again, and says why.
            }
        }
    }
}
