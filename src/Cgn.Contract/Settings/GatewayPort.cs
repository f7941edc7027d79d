namespace Cgn.Contract.Settings;

/// <summary>A port on which an application gateway listens in.</summary>
/// <param name="Gateway">One gateway.</param>
/// <param name="Protocol">Transport protocol, as in the IPv4 header.</param>
/// <param name="Port">Port of the server, 1 to 65,535.</param>
public readonly record struct GatewayPort(ApplicationGateways Gateway, byte Protocol, ushort Port)
{
    /// <summary>Ports that one gateway may have.</summary>
    public const int PortsMax = 8;
}
