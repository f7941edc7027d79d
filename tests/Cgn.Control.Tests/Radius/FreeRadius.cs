using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;

using Cgn.Control.Radius.Client;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>A real FreeRADIUS with a configuration of its own, on loopback ports, as a child of the test.</summary>
internal sealed class FreeRadius : IDisposable
{
    private readonly ConcurrentQueue<string> _said = [];
    private readonly string _folder;
    private Process _process;

    private FreeRadius(string folder, int authentication, int accounting)
    {
        _folder = folder;
        Authentication = new IPEndPoint(IPAddress.Loopback, authentication);
        Accounting = new IPEndPoint(IPAddress.Loopback, accounting);
        _process = Run();
    }

    public IPEndPoint Authentication { get; }

    public IPEndPoint Accounting { get; }

    public static byte[] Secret => Encoding.ASCII.GetBytes(RadiusTools.Secret);

    public RadiusServerSettings AuthenticationSettings => new(Authentication, Secret);

    public RadiusServerSettings AccountingSettings => new(Accounting, Secret);

    /// <summary>All accounting records as the server has written them, one block a record.</summary>
    public string[] Records => Read("accounting");

    /// <summary>All requests for subscribers, likewise.</summary>
    public string[] Requests => Read("requests");

    /// <summary>What the server has said.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Starts a server.</summary>
    /// <param name="authorize">Unlang of its section authorize; what it leaves open is accepted.</param>
    /// <param name="signs">Its replies have a Message-Authenticator.</param>
    /// <param name="status">It answers Status-Server.</param>
    public static async Task<FreeRadius> StartAsync(string authorize, bool signs = true, bool status = true)
    {
        // The ports are free only until somebody else takes them, so more than one try is needed now and then.
        for (int tries = 1; ; tries++)
        {
            string folder = Directory.CreateTempSubdirectory("freeradius").FullName;
            int authentication = RadiusTools.FreePort();
            int accounting = RadiusTools.FreePort();
            await File.WriteAllTextAsync(Path.Combine(folder, "dictionary"), "");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "radiusd.conf"),
                Text(folder, authentication, accounting, authorize, signs, status));
            FreeRadius server = new(folder, authentication, accounting);
            if (await server.IsReadyAsync())
                return server;
            string said = server.Said;
            server.Dispose();
            Assert.True(tries < 5 && said.Contains("Address already in use", StringComparison.Ordinal), said);
        }
    }

    /// <summary>Ends the server's process; it answers no more.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Starts it again, on the same ports.</summary>
    public async Task RestartAsync()
    {
        _said.Clear();
        _process.Dispose();
        _process = Run();
        Assert.True(await IsReadyAsync(), Said);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Run()
    {
        ProcessStartInfo start = new(RadiusTools.Server!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string word in (string[])["-f", "-l", "stdout", "-d", _folder])
            start.ArgumentList.Add(word);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsReadyAsync()
    {
        bool IsReady() => Said.Contains("Ready to process requests", StringComparison.Ordinal);
        await Patience.UntilAsync(() => IsReady() || _process.HasExited, () => "FreeRADIUS: " + Said);
        return IsReady();
    }

    private string[] Read(string name)
    {
        string path = Path.Combine(_folder, name);
        return File.Exists(path)
            ? [.. File.ReadAllText(path).Split("\n\n").Where(record => record.Contains('=', StringComparison.Ordinal))]
            : [];
    }

    private static string Text(
        string folder, int authentication, int accounting, string authorize, bool signs, bool status) => $$"""
        name = radiusd
        libdir = {{Libraries}}
        logdir = {{folder}}
        run_dir = {{folder}}
        pidfile = {{folder}}/pid
        max_request_time = 10
        cleanup_delay = 1
        hostname_lookups = no
        log {
          destination = stdout
        }
        security {
          reject_delay = 0
          status_server = {{(status ? "yes" : "no")}}
          allow_core_dumps = no
        }
        proxy_requests = no
        thread pool {
          start_servers = 1
          max_servers = 4
          min_spare_servers = 1
          max_spare_servers = 2
        }
        client gateway {
          ipaddr = 127.0.0.1
          secret = "{{RadiusTools.Secret}}"
          require_message_authenticator = yes
        }
        modules {
          detail accounts {
            filename = {{folder}}/accounting
            permissions = 0600
          }
          detail requests {
            filename = {{folder}}/requests
            permissions = 0600
          }
        }
        server default {
          listen {
            type = auth
            ipaddr = 127.0.0.1
            port = {{authentication}}
          }
          listen {
            type = acct
            ipaddr = 127.0.0.1
            port = {{accounting}}
          }
          authorize {
            requests
            update control {
              Auth-Type := Accept
            }
            {{authorize}}
          }
          authenticate {
          }
          preacct {
          }
          accounting {
            accounts
          }
          post-auth {
            {{(signs ? "update reply {\n Message-Authenticator := 0x00\n }" : "")}}
            Post-Auth-Type REJECT {
              {{(signs ? "update reply {\n Message-Authenticator := 0x00\n }" : "")}}
            }
          }
        }
        """;

    private static string Libraries => new[] { "/usr/lib/freeradius", "/usr/local/lib" }
        .FirstOrDefault(Directory.Exists, "/usr/lib");
}
