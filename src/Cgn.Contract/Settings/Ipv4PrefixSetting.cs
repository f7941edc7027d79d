namespace Cgn.Contract.Settings;

/// <summary>An IPv4 prefix as two numbers.</summary>
/// <param name="Address">Network address, host byte order, host bits zero.</param>
/// <param name="Length">Bits, 0 to 32.</param>
public readonly record struct Ipv4PrefixSetting(uint Address, byte Length)
{
    /// <summary>An address lies in it.</summary>
    public bool Contains(uint address) => Length == 0 || ((address ^ Address) >> (32 - Length)) == 0;
}
