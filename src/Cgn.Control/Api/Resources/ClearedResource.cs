namespace Cgn.Control.Api.Resources;

/// <summary>What was cleared.</summary>
/// <param name="Subscriber">Of which subscribers; null: of all.</param>
/// <param name="ExternalIpAddress">Of which public address; null: of all.</param>
/// <param name="Protocol">Of which protocol; null: of all.</param>
public sealed record ClearedResource(string? Subscriber, string? ExternalIpAddress, string? Protocol);
