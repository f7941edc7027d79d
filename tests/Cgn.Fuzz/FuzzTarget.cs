using System;
using System.Collections.Generic;

namespace Cgn.Fuzz;

/// <summary>Something that takes bytes from outside.</summary>
/// <param name="Name">What it is chosen by.</param>
/// <param name="Seeds">Inputs that are right, to be bent; at least one.</param>
/// <param name="SmokeCount">Inputs of a smoke run: a few seconds' worth.</param>
/// <param name="Make">Makes the target's state, if it has any, from nothing; the same inputs then do the same
/// again.</param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, int SmokeCount, Func<FuzzAction> Make);
