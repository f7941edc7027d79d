using System;
using System.Text.Json;
using System.Threading;

using Cgn.Cli.Verbs.Remote;
using Cgn.Control.Api;

namespace Cgn.Cli.Verbs.Top;

/// <summary>Where a screen's values come from: an API, or a state directory on this machine.</summary>
internal sealed class TopSource : IDisposable
{
    private readonly ApiClient? _api;
    private readonly StateReader? _state;

    /// <summary>By an API.</summary>
    public TopSource(ApiClient api) => _api = api;

    /// <summary>By the state itself.</summary>
    public TopSource(StateReader state) => _state = state;

    /// <summary>A resource of the API, by its path below /api/v1/.</summary>
    /// <exception cref="ApiException">It was not given.</exception>
    public JsonElement Get(string path) => _api is null ? _state!.Get(path) : _api.Get(path);

    /// <summary>The busiest subscribers; takes as long as it looks.</summary>
    /// <exception cref="ApiException">They were not given.</exception>
    public JsonElement Busiest(int count, int seconds, CancellationToken cancellation) => _api is null
        ? _state!.BusiestAsync(count, TimeSpan.FromSeconds(seconds), cancellation).GetAwaiter().GetResult()
        : _api.Get($"subscribers/busiest?seconds={seconds}&limit={count}", cancellation);

    public void Dispose()
    {
        _api?.Dispose();
        _state?.Dispose();
    }
}
