namespace Cgn.Control.Api.Security;

/// <summary>Among an endpoint's metadata: anybody may ask, without saying who he is.</summary>
internal sealed class OpenToAll;
