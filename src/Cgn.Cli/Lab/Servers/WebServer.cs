using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// The lab's HTTP server: <c>GET /page?bytes=N</c> gives N bytes of <see cref="LabContent"/>, <c>POST /digest</c> the
/// SHA-256 of what was sent,
/// <c>GET /whoami</c> the address and port that the request came from.
/// </summary>
public sealed class WebServer : IDisposable
{
    private readonly HttpListener _listener = new();

    /// <summary>Begins to listen on every address.</summary>
    /// <param name="port">The TCP port.</param>
    /// <exception cref="HttpListenerException">The port is taken.</exception>
    public WebServer(int port)
    {
        _listener.Prefixes.Add($"http://*:{port}/");
        _listener.Start();
    }

    /// <summary>Serves until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration stop = cancellation.Register(_listener.Stop);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = ServeAsync(context);
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();

    private static async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            (int status, byte[] body) = await AnswerAsync(context.Request);
            context.Response.StatusCode = status;
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client left; there is no one to tell.
            context.Response.Abort();
        }
    }

    private static async Task<(int Status, byte[] Body)> AnswerAsync(HttpListenerRequest request)
    {
        switch (request.HttpMethod, request.Url?.AbsolutePath)
        {
            case ("GET", "/whoami"):
                return (200, Encoding.ASCII.GetBytes($"{request.RemoteEndPoint}\n"));
            case ("GET", "/page")
                when int.TryParse(request.QueryString["bytes"], CultureInfo.InvariantCulture, out int length)
                && length is >= 0 and <= LabContent.BytesMax:
                return (200, LabContent.Make(length));
            case ("POST", "/digest"):
                using (MemoryStream content = new())
                {
                    await request.InputStream.CopyToAsync(content);
                    string digest = LabContent.Digest(content.GetBuffer().AsSpan(0, (int)content.Length));
                    return (200, Encoding.ASCII.GetBytes(digest));
                }

            default:
                return (404, "GET /page?bytes=N, GET /whoami or POST /digest\n"u8.ToArray());
        }
    }
}
