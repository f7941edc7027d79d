using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>How the forwarder is started: a program and its arguments.</summary>
/// <param name="Program">The program.</param>
/// <param name="Arguments">Its arguments, the state directory among them.</param>
public sealed record ForwarderCommand(string Program, IReadOnlyList<string> Arguments)
{
    private const string Name = "cgn-forwarder";

    /// <summary>The forwarder installed beside this program.</summary>
    /// <param name="directory">The state directory that it works in.</param>
    /// <exception cref="SystemRefusedException">There is none.</exception>
    public static ForwarderCommand Installed(StateDirectory directory)
    {
        string[] arguments = [directory.Path];
        string program = Path.Combine(AppContext.BaseDirectory, Name);
        string assembly = program + ".dll";
        if (!File.Exists(assembly))
            throw new SystemRefusedException($"{assembly} is missing; it is installed together with cgn");
        return File.Exists(program)
            ? new ForwarderCommand(program, arguments)
            : new ForwarderCommand(DotnetHost(), [assembly, .. arguments]);
    }

    /// <summary>The same program as a spare: it stands by for as long as whoever started it lives.</summary>
    public ForwarderCommand AsStandby() => With("--standby");

    /// <summary>The same program only to say whether it could go on with the state that lies there.</summary>
    public ForwarderCommand AsCheck() => With("--check");

    private ForwarderCommand With(string option)
    {
        string[] arguments = [.. Arguments];
        return this with { Arguments = [.. arguments[..^1], option, arguments[^1]] };
    }

    // The host that runs us runs the forwarder too, unless we were started by an executable of our own.
    private static string DotnetHost() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
}
