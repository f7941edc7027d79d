using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>A real FreeRADIUS beside the gateway, and radclient, which sends the gateway changes.</summary>
public sealed class RadiusServer : IAsyncDisposable
{
    /// <summary>Where it authorizes.</summary>
    public const string Authentication = "127.0.0.1:1812";

    /// <summary>Where it takes accounting.</summary>
    public const string Accounting = "127.0.0.1:1813";

    /// <summary>Where the gateway takes changes.</summary>
    public const string Changes = "127.0.0.1:3799";

    private const string Secret = "lab-secret";

    private static readonly string[] s_foreground = ["-f", "-l", "stdout", "-d"];
    private static readonly string[] s_libraries = ["/usr/lib/freeradius", "/usr/local/lib"];
    private static readonly string[] s_options = ["-x", "-r", "3", "-t", "2"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly NetworkNamespace _where;
    private readonly string _folder;
    private BackgroundCommand? _process;

    private RadiusServer(NetworkNamespace where, string folder) => (_where, _folder) = (where, folder);

    /// <summary>This machine has both programs.</summary>
    public static bool IsInstalled =>
        CommandRunner.Find("freeradius") is not null && CommandRunner.Find("radclient") is not null;

    /// <summary>File whose first line is the secret shared with the gateway.</summary>
    public string SecretFile => Path.Combine(_folder, "secret");

    /// <summary>Writes its files; it does not run yet.</summary>
    /// <param name="where">In which namespace it is to run.</param>
    /// <param name="authorize">Unlang that decides about a subscriber; what it leaves open is accepted.</param>
    public static RadiusServer Make(NetworkNamespace where, string authorize)
    {
        RadiusServer server = new(where, Path.Combine(LabState.Folder, "radius"));
        if (Directory.Exists(server._folder))
            Directory.Delete(server._folder, recursive: true);
        Directory.CreateDirectory(server._folder);
        File.WriteAllText(server.SecretFile, Secret + "\n");
        File.WriteAllText(Path.Combine(server._folder, "dictionary"), "");
        File.WriteAllText(Path.Combine(server._folder, "radiusd.conf"), server.Text(authorize));
        return server;
    }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <exception cref="LabException">It did not start.</exception>
    public async Task StartAsync()
    {
        _process = BackgroundCommand.Start(_where, "freeradius", [.. s_foreground, _folder]);
        long deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (_process.LinesWith("Ready to process requests").Count == 0)
        {
            if (_process.HasEnded || Environment.TickCount64 > deadline)
                throw new LabException($"FreeRADIUS does not start: {_process.LastWords}");
            await Task.Delay(20);
        }
    }

    /// <summary>Accounting records of a kind, each as the server has written it.</summary>
    /// <param name="type">Acct-Status-Type: Start, Interim-Update, Stop.</param>
    public IReadOnlyList<string> Records(string type)
    {
        string path = Path.Combine(_folder, "accounting");
        return !File.Exists(path) ? [] : [.. File.ReadAllText(path).Split("\n\n").Where(
            record => record.Contains($"Acct-Status-Type = {type}\n", StringComparison.Ordinal))];
    }

    /// <summary>Sends the gateway a change or a disconnection.</summary>
    /// <param name="command">coa or disconnect.</param>
    /// <param name="attributes">As radclient takes them.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What radclient has said of the answer.</returns>
    public async Task<string> SendAsync(string command, string attributes, CancellationToken cancellation)
    {
        CommandResult sent = await _where.RunAsync(
            "radclient", [.. s_options, Changes, command, Secret], input: attributes, cancellation: cancellation);
        return sent.Output + sent.Error;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Libraries => s_libraries.FirstOrDefault(Directory.Exists, "/usr/lib");

    private string Text(string authorize) => $$"""
        name = radiusd
        libdir = {{Libraries}}
        logdir = {{_folder}}
        run_dir = {{_folder}}
        pidfile = {{_folder}}/pid
        log {
          destination = stdout
        }
        security {
          reject_delay = 0
          status_server = yes
          allow_core_dumps = no
        }
        proxy_requests = no
        client gateway {
          ipaddr = 127.0.0.1
          secret = "{{Secret}}"
          require_message_authenticator = yes
        }
        modules {
          detail accounts {
            filename = {{_folder}}/accounting
            permissions = 0600
          }
        }
        server default {
          listen {
            type = auth
            ipaddr = 127.0.0.1
            port = {{Authentication.Split(':')[1]}}
          }
          listen {
            type = acct
            ipaddr = 127.0.0.1
            port = {{Accounting.Split(':')[1]}}
          }
          authorize {
            update control {
              Auth-Type := Accept
            }
            {{authorize}}
          }
          authenticate {
          }
          accounting {
            accounts
          }
          post-auth {
            update reply {
              Message-Authenticator := 0x00
            }
            Post-Auth-Type REJECT {
              update reply {
                Message-Authenticator := 0x00
              }
            }
          }
        }
        """;
}
