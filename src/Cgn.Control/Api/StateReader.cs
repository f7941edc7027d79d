using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Api.Records;
using Cgn.Control.Api.Resources;
using Cgn.Control.Hosting;
using Cgn.Control.State;

namespace Cgn.Control.Api;

/// <summary>Answers as the API does, from a state directory on this machine and without a server.</summary>
public sealed class StateReader : IDisposable
{
    private readonly GatewayAttachment _attachment = new();
    private readonly RecordWalk _walk;

    private StateReader() => _walk = new RecordWalk(_attachment);

    /// <summary>Attaches to a gateway's state.</summary>
    /// <param name="directory">Its state directory.</param>
    /// <exception cref="StateException">The state can't be read.</exception>
    public static StateReader Open(StateDirectory directory)
    {
        var reader = new StateReader();
        try
        {
            reader._attachment.Attach(directory);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>What a path of the API would answer.</summary>
    /// <param name="path">instances/1/statistics, pools or workers.</param>
    /// <exception cref="ArgumentException">Any other path.</exception>
    public JsonElement Get(string path)
    {
        var summary = new SummaryReader(_walk);
        return path switch
        {
            "instances/1/statistics" => Write(new InstanceReader(_walk, summary).Statistics()),
            "pools" => Write(new Page<PoolResource>(summary.Pools(default), null)),
            "workers" => Write(new Page<WorkerResource>(summary.Workers(), null)),
            _ => throw new ArgumentException($"'{path}' is not read without a server", nameof(path)),
        };
    }

    /// <summary>What subscribers/busiest of the API would answer.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="time">Time to look at.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<JsonElement> BusiestAsync(int count, TimeSpan time, CancellationToken cancellation)
    {
        IReadOnlyList<BusySubscriber> busiest =
            await new BusiestReader(_walk).ReadAsync(count, time, cancellation).ConfigureAwait(false);
        return Write(new Page<BusySubscriber>(busiest, null));
    }

    /// <summary>Lets go of the state.</summary>
    public void Dispose() => _attachment.Dispose();

    private static JsonElement Write<T>(T resource) => JsonSerializer.SerializeToElement(resource, ApiEndpoints.Json);
}
