using System;
using System.Security.Cryptography;
using System.Text;

namespace Cgn.Control.Api.Security;

/// <summary>What was sent with a change, for the audit log: a feature of the request.</summary>
/// <param name="Text">As it is written there.</param>
internal sealed record AuditedContent(string Text)
{
    /// <summary>A small object, which is written out.</summary>
    public static AuditedContent Of(string text) => new(text);

    /// <summary>
    /// A configuration: by its hash, since it is long, may hold secrets, and lies in the history under that hash.
    /// </summary>
    public static AuditedContent HashOf(string text) => new(
        $"sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
}
