namespace Cgn.Cli.Conformance;

/// <summary>A row of the requirement catalogue.</summary>
/// <param name="Document">The part of the catalogue that it stands in, such as <c>nat-udp</c>.</param>
/// <param name="Id">Its name, such as <c>RFC4787-REQ-5c</c>.</param>
/// <param name="Strength">MUST, SHOULD, MAY or INFO.</param>
/// <param name="Scope">v1, v1-opt or later.</param>
/// <param name="Promise">What the gateway promises, in a few words.</param>
public sealed record Requirement(string Document, string Id, string Strength, string Scope, string Promise);
