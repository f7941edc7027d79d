using Cgn.Wire;

namespace Cgn.Pipeline.Pcp;

/// <summary>How a request went, and for how many seconds that holds.</summary>
/// <param name="Result">The result code.</param>
/// <param name="Lifetime">Seconds.</param>
internal readonly record struct PcpReply(PcpResult Result, uint Lifetime)
{
    private const uint ShortSeconds = 30;
    private const uint LongSeconds = 1800;

    /// <summary>An error, for as long as such errors last (RFC 6887 section 7.4).</summary>
    public static PcpReply Error(PcpResult result) => new(
        result,
        result is PcpResult.NoResources or PcpResult.UserExceedsQuota or PcpResult.CannotProvideExternal
            ? ShortSeconds
            : LongSeconds);
}
