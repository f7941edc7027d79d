using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Forwarder.Live;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>Of the forwarders of a state directory one forwards; the others stand by for its death.</summary>
public sealed class StandbyTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly ManualResetEventSlim _ended = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ServiceManager _service;

    public StandbyTests()
    {
        Directory.Create();
        string socket = Path.Combine(_folder, "notify");
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        _listener.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        _service = new ServiceManager(socket, TimeSpan.Zero);
    }

    private StateDirectory Directory => new(_folder);

    public void Dispose()
    {
        _ended.Dispose();
        _service.Dispose();
        _listener.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_first_forwards_at_once()
    {
        using ForwarderLock first = ForwarderLock.Open(Directory);
        Assert.True(Standby.Await(first, Directory, endsWithStarter: false, _service, _ended, out var prepared));
        Assert.Null(prepared);
    }

    [Fact]
    public async Task The_second_forwards_when_the_first_is_gone_and_not_before()
    {
        ForwarderLock first = ForwarderLock.Open(Directory);
        Assert.True(first.TryTake());
        using ForwarderLock second = ForwarderLock.Open(Directory);
        Assert.False(second.TryTake());
        Task<bool> waiting = Task.Run(() =>
        {
            bool forwards = Standby.Await(second, Directory, false, _service, _ended, out Preparation? prepared);
            using Preparation? unused = prepared;
            return forwards && prepared is not null;
        });

        using ForwarderLock third = ForwarderLock.Open(Directory);
        Assert.False(third.TryTake());
        byte[] said = new byte[256];
        Assert.Contains("stands by", Encoding.UTF8.GetString(said, 0, _listener.Receive(said)));
        Assert.False(waiting.IsCompleted);
        first.Dispose();
        Assert.True(await waiting.WaitAsync(s_patience));
        Assert.False(third.TryTake());
    }

    [Fact]
    public async Task Who_is_asked_to_end_ends_without_having_forwarded()
    {
        using ForwarderLock first = ForwarderLock.Open(Directory);
        Assert.True(first.TryTake());
        using ForwarderLock second = ForwarderLock.Open(Directory);
        Task<bool> waiting = Task.Run(() => Standby.Await(second, Directory, false, _service, _ended, out _));
        _ended.Set();
        Assert.False(await waiting.WaitAsync(s_patience));
    }

    [Fact]
    public void Frames_made_ready_are_handed_over_where_as_many_are_wanted()
    {
        using Preparation prepared = new();
        Assert.Null(prepared.Frames(64));
        prepared.Prepare(64);
        Assert.Null(prepared.Frames(128));
        prepared.Prepare(64);
        using Memory.Frames.FrameStore frames = prepared.Frames(64)!;
        Assert.Equal(64, frames.ChunkCount);
        Assert.Null(prepared.Frames(64));
    }
}
