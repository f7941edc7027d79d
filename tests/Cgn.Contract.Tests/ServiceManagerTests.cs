using System;
using System.IO;
using System.Net.Sockets;
using System.Text;

using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Contract.Tests;

/// <summary>What the service manager is told, as in sd_notify(3).</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
    {
        ReceiveTimeout = 10_000,
    };

    private readonly string _name = $"cgn-test-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_arrive_at_a_path_and_at_an_abstract_address(bool isAbstract)
    {
        string path = Path.Combine(Path.GetTempPath(), _name);
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + _name : path));
        using ServiceManager manager = new(isAbstract ? "@" + _name : path, TimeSpan.FromSeconds(3));

        manager.Ready("all is well");
        Assert.Equal("READY=1\nSTATUS=all is well", Receive());
        manager.Alive();
        Assert.Equal("WATCHDOG=1", Receive());
        manager.Reloading();
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]{4,}\nSTATUS=", Receive());
        manager.Stopping();
        Assert.StartsWith("STOPPING=1\n", Receive());
        Assert.True(manager.IsThere);
        Assert.Equal(TimeSpan.FromSeconds(3), manager.Watchdog);
    }

    [Fact]
    public void A_listener_that_is_gone_or_full_hinders_nothing()
    {
        string path = Path.Combine(Path.GetTempPath(), _name);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        using ServiceManager manager = new(path, TimeSpan.Zero);
        for (int i = 0; i < 10_000; i++)
            manager.Alive();
        File.Delete(path);
        manager.Alive();
        Assert.Equal("WATCHDOG=1", Receive());
    }

    [Fact]
    public void Nobody_listens_where_nothing_is_named()
    {
        foreach (string? name in (string?[])[null, "", "relative"])
        {
            using ServiceManager manager = new(name, TimeSpan.FromSeconds(1));
            manager.Ready("to nobody");
            Assert.False(manager.IsThere);
            Assert.Equal(TimeSpan.Zero, manager.Watchdog);
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    public void The_environment_says_who_listens_and_is_not_handed_on(int processOffset, int seconds)
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", "@" + _name);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "2000000");
        Environment.SetEnvironmentVariable("WATCHDOG_PID", $"{Environment.ProcessId + processOffset}");
        using ServiceManager manager = ServiceManager.FromEnvironment();

        Assert.True(manager.IsThere);
        Assert.Equal(TimeSpan.FromSeconds(seconds), manager.Watchdog);
        Assert.Null(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
        Assert.Null(Environment.GetEnvironmentVariable("WATCHDOG_USEC"));
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path.Combine(Path.GetTempPath(), _name));
    }

    private string Receive()
    {
        byte[] buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }
}
