using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>A reason and how many packets were dropped for it (RFC 8512 dropped-packets).</summary>
/// <param name="Reason">The reason's name, as in metrics.</param>
/// <param name="Packets">How many, as a text of digits.</param>
public sealed record DropResource(
    string Reason, [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long Packets);
