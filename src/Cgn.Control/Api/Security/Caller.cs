using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Api.Security;

/// <summary>Who asks.</summary>
/// <param name="Name">The token's name, the certificate's common name, or <see cref="Nobody"/>.</param>
/// <param name="Role">What he may do.</param>
public sealed record Caller(string Name, ApiRole Role)
{
    /// <summary>Somebody on this machine who has not said who he is.</summary>
    public const string Nobody = "-";
}
