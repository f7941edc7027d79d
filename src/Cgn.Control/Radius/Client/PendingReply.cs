using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Client;

/// <summary>A request that waits for its reply: it owns an identifier of a socket.</summary>
internal sealed class PendingReply(RadiusSocket socket, byte identifier)
{
    private readonly TaskCompletionSource<RadiusPacket> _reply =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Identifier.</summary>
    public byte Identifier => identifier;

    /// <summary>The request, once it is written.</summary>
    public byte[]? Request { get; private set; }

    /// <summary>The reply, once it is there.</summary>
    public RadiusPacket? Reply => _reply.Task.IsCompletedSuccessfully ? _reply.Task.Result : null;

    /// <summary>The request is written: replies are taken from now on.</summary>
    public void Arm(byte[] request) => Request = request;

    /// <summary>Sends the request, again if need be.</summary>
    public void Send() => socket.Send(Request!);

    /// <summary>The reply is there.</summary>
    public void Complete(RadiusPacket reply) => _reply.TrySetResult(reply);

    /// <summary>Waits for the reply.</summary>
    /// <param name="span">How long at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when it has not come.</returns>
    public async Task<bool> WaitAsync(TimeSpan span, TimeProvider time, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_reply.Task, Task.Delay(span, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return _reply.Task.IsCompleted;
    }

    /// <summary>Gives the identifier back.</summary>
    public void Release() => socket.Release(identifier);
}
