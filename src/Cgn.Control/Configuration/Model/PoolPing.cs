namespace Cgn.Control.Configuration.Model;

/// <summary>What becomes of pings of pool addresses.</summary>
public enum PoolPing
{
    /// <summary>Answered by the gateway.</summary>
    Reply = 0,

    /// <summary>Dropped and counted.</summary>
    Drop = 1,
}
