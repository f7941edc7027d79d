using System;

namespace Cgn.Fuzz;

/// <summary>What a target does with an input: anything but returning is a finding.</summary>
public delegate void FuzzAction(ReadOnlySpan<byte> input);
