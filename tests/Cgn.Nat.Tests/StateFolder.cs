using System;
using System.IO;

using Cgn.Memory.Arenas;

namespace Cgn.Nat.Tests;

/// <summary>A directory for an arena that outlives those who open it.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("cgn-nat-").FullName;

    /// <summary>Opens what lies there.</summary>
    internal Arena Open() => Arena.InDirectory(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
