namespace Cgn.Contract.Settings;

/// <summary>An IPv6 prefix as numbers.</summary>
/// <param name="High">Upper half of the network address, host byte order, host bits zero.</param>
/// <param name="Low">Lower half.</param>
/// <param name="Length">Bits, 0 to 128.</param>
public readonly record struct Ipv6PrefixSetting(ulong High, ulong Low, byte Length)
{
    /// <summary>An address lies in it.</summary>
    public bool Contains(ulong high, ulong low)
    {
        ulong highMask = Length == 0 ? 0 : Length >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - Length);
        ulong lowMask = Length <= 64 ? 0 : ulong.MaxValue << (128 - Length);
        return (((high ^ High) & highMask) | ((low ^ Low) & lowMask)) == 0;
    }
}
