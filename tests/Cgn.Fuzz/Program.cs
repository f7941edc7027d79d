using System;
using System.IO;
using System.Linq;

using SharpFuzz;

namespace Cgn.Fuzz;

/// <summary>
/// Fuzzes a target: by the plain driver, or as the child of afl or of libfuzzer-dotnet (after SharpFuzz has
/// instrumented the assemblies), or with the bytes of a file.
/// </summary>
public static class Program
{
    private const string Usage = """
        usage: Cgn.Fuzz TARGET [COUNT [SEED]]    bent seeds, a million of them by default
               Cgn.Fuzz TARGET afl | libfuzzer   as the child of that fuzzer
               Cgn.Fuzz TARGET file FILE         one input
        """;

    /// <summary>Entry point; 0 when nothing was found, 1 with the finding, 2 for unusable arguments.</summary>
    public static int Main(string[] args)
    {
        if (args is not [string name, ..] || !FuzzTargets.All.TryGetValue(name, out FuzzTarget? target))
        {
            Console.Error.WriteLine($"{Usage}\ntargets: {string.Join(", ", FuzzTargets.All.Keys)}");
            return 2;
        }

        switch (args[1..])
        {
            case ["afl"]:
                FuzzAction under = target.Make();
                Fuzzer.OutOfProcess.Run(stream => under(ReadAll(stream)));
                return 0;
            case ["libfuzzer"]:
                FuzzAction libfuzzer = target.Make();
                Fuzzer.LibFuzzer.Run(input => libfuzzer(input));
                return 0;
            case ["file", string path]:
                target.Make()(File.ReadAllBytes(path));
                return 0;
            default:
                return Drive(target, args);
        }
    }

    private static int Drive(FuzzTarget target, string[] args)
    {
        long count = 1_000_000;
        int seed = 1;
        if ((args.Length > 1 && !long.TryParse(args[1], out count))
            || (args.Length > 2 && !int.TryParse(args[2], out seed)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            FuzzDriver.Run(target, seed, count, done => Console.Write($"\r{done:N0} of {count:N0}"));
            Console.WriteLine($"\r{count:N0} inputs, seed {seed}: nothing found");
            return 0;
        }
        catch (FuzzException finding)
        {
            Console.Error.WriteLine($"\n{finding}");
            return 1;
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return [.. bytes.ToArray()];
    }
}
