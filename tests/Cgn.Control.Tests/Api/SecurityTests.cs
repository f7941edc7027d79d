using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Control.Api.Security;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Who may do what, and what is written down of it.</summary>
public class SecurityTests
{
    private const string AStaticMapping =
        """
        {"subscriber":"2001:db8:100:100::/56","protocol":"tcp",
         "internal":"192.168.1.10:443","external":"203.0.113.14:443"}
        """;

    [Fact]
    public async Task On_the_loopback_without_tokens_all_may_read_and_nobody_may_write()
    {
        await using TestApi api = await TestApi.StartAsync();

        await api.GetAsync("/api/v1/pools");
        JsonElement problem = await api.SendAsync("POST", "/api/v1/static-mappings", 403, AStaticMapping);
        Assert.Contains("cgn token add", problem.GetProperty("detail").GetString());
        await api.SendAsync("DELETE", "/api/v1/subscribers/100.64.0.5/mappings", 403);
        await api.SendAsync("PUT", "/api/v1/configuration", 403, "gateway: {}", "application/yaml");
    }

    [Fact]
    public async Task With_a_token_file_everybody_needs_a_token_but_for_health()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        await api.GetAsync("/api/v1/pools");
        api.Http.DefaultRequestHeaders.Authorization = null;

        JsonElement problem = await api.SendAsync("GET", "/api/v1/pools", 401);
        Assert.Contains("Authorization: Bearer TOKEN", problem.GetProperty("detail").GetString());
        using HttpResponseMessage refused = await api.Http.GetAsync("/api/v1/pools");
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        await api.GetAsync("/api/v1/health");
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.ReadToken + "x");
        await api.SendAsync("GET", "/api/v1/pools", 401);
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", api.ReadToken);
        await api.SendAsync("GET", "/api/v1/pools", 401);
    }

    [Fact]
    public async Task Who_may_read_can_not_write_and_both_are_recorded()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.ReadToken);
        await api.GetAsync("/api/v1/pools");
        JsonElement problem = await api.SendAsync("DELETE", "/api/v1/static-mappings/tcp/203.0.113.5:1", 403);
        Assert.Contains("reader may read only", problem.GetProperty("detail").GetString());
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.WriteToken);
        await api.SendAsync("DELETE", "/api/v1/static-mappings/tcp/203.0.113.5:1", 404);
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        await api.SendAsync("GET", "/api/v1/pools", 401);

        JsonElement[] lines = [.. File.ReadAllLines(api.AuditFile).Select(
            static line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["reader", "writer", "writer", "-"], lines.Select(static l => l.GetProperty("who").GetString()));
        Assert.Equal(["read", "write", "write", "none"], lines.Select(static l => l.GetProperty("role").GetString()));
        Assert.Equal("begun", lines[1].GetProperty("result").GetString());
        Assert.False(lines[1].TryGetProperty("status", out _));
        Assert.Equal(lines[1].GetProperty("request").GetString(), lines[2].GetProperty("request").GetString());
        Assert.Equal([403, 404, 401], lines.Where(static (_, i) => i != 1).Select(
            static l => l.GetProperty("status").GetInt32()));
        Assert.Equal("DELETE /api/v1/static-mappings/tcp/203.0.113.5:1", lines[1].GetProperty("what").GetString());
        Assert.All(lines, static l => Assert.Equal("127.0.0.1", l.GetProperty("from").GetString()));
        Assert.DoesNotContain("guess", File.ReadAllText(api.AuditFile));
    }

    [Fact]
    public async Task An_address_with_too_many_wrong_tokens_has_to_wait()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        for (int i = 0; i < 10; i++)
            await api.SendAsync("GET", "/api/v1/pools", 401);
        using HttpResponseMessage response = await api.Http.GetAsync("/api/v1/pools");
        await TestApi.ReadAsync(response, 429);

        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(10, (await api.GetAsync("/api/v1/health")).GetProperty("refused-attempts").GetInt32());
        Assert.Contains("too many attempts of 127.0.0.1", api.Errors);
        // Others on this machine are not kept out, whether or not they need a token.
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.ReadToken);
        await api.GetAsync("/api/v1/pools");
        api.Http.DefaultRequestHeaders.Authorization = null;
        await api.SendAsync("GET", "/api/v1/pools", 401);
    }

    [Fact]
    public async Task Many_refusals_get_few_lines_and_each_is_counted_under_its_reason()
    {
        const int Attempts = 300;
        TestApi api = await TestApi.WithTokensAsync();
        string path = api.AuditFile;
        api.Http.DefaultRequestHeaders.Authorization = null;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Attempts; i++)
            await api.SendAsync("GET", "/api/v1/pools", 401);
        api.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "guess");
        await api.SendAsync("GET", "/api/v1/pools", 401);
        int seconds = (int)Stopwatch.GetElapsedTime(start).TotalSeconds;
        // The last of them are written at the latest when it ends.
        string[] text = [];
        await Hosting.TestGateway.UntilAsync(() => Refused(text = File.ReadAllLines(path)) > Attempts, "all of them");
        await api.DisposeAsync();

        Assert.InRange(text.Length, 3, seconds + 4);
        Assert.Equal(Attempts + 1, Refused(text));
        Assert.Single(text, static line => line.Contains("is not known"));
    }

    private static long Refused(string[] lines) => lines.Sum(static line =>
        1 + (JsonDocument.Parse(line).RootElement.TryGetProperty("left-out", out JsonElement more)
            ? more.GetInt64()
            : 0));

    [Fact]
    public async Task A_token_that_is_added_holds_at_once_and_a_spoilt_file_changes_nothing()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        string added = TokenFile.Add(api.TokenFile, "late", ApiRole.Read)!;
        using var http = new HttpClient { BaseAddress = api.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", added);
        await Hosting.TestGateway.UntilAsync(
            () => http.GetAsync("/api/v1/pools").GetAwaiter().GetResult().IsSuccessStatusCode, "the token to hold");
        File.AppendAllText(api.TokenFile, "somebody all sha256:00\n");
        await Hosting.TestGateway.UntilAsync(
            () =>
            {
                api.Http.GetAsync("/api/v1/pools").GetAwaiter().GetResult();
                return api.Errors.Contains("'all' is no role; read or write would be");
            },
            "the warning");
        await api.GetAsync("/api/v1/pools");
    }

    [Theory]
    [InlineData("reader read", "2 words")]
    [InlineData("reader all x", "'all' is no role")]
    [InlineData("reader read sha256:12", "hexadecimal digits")]
    [InlineData("reader read sha256:zz", "hexadecimal digits")]
    public async Task A_token_file_that_is_none_ends_the_start(string line, string message)
    {
        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(() => TestApi.StartAsync(
            ", token-file: FOLDER/tokens", prepare: folder => File.WriteAllText(Path.Combine(folder, "tokens"), line)));

        Assert.Contains("tokens:1: ", refusal.Message);
        Assert.Contains(message, refusal.Message);
    }

    [Theory]
    [InlineData("evil.example:80", "", "", 421)]
    [InlineData("localhost:1", "http://evil.example", "", 403)]
    [InlineData("localhost:1", "null", "", 403)]
    [InlineData("localhost:1", "", "cross-site", 403)]
    [InlineData("127.0.0.1:1", "http://127.0.0.1:1", "same-origin", 200)]
    [InlineData("[::1]:1", "", "none", 200)]
    public async Task A_page_of_another_site_gets_nothing(string host, string origin, string site, int status)
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement _ = await api.SendAsync("GET", "/api/v1/pools", status, change: request =>
        {
            request.Headers.Host = host;
            if (origin.Length != 0)
                request.Headers.Add("Origin", origin);
            if (site.Length != 0)
                request.Headers.Add("Sec-Fetch-Site", site);
        });
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data")]
    public async Task What_a_form_can_send_is_not_read(string type)
    {
        await using TestApi api = await TestApi.WithTokensAsync();

        await api.SendAsync("POST", "/api/v1/static-mappings", 415, AStaticMapping, type);
        await api.SendAsync("PUT", "/api/v1/configuration", 415, "gateway: {}", type);
    }

    [Fact]
    public async Task Too_much_is_not_read()
    {
        await using TestApi api = await TestApi.WithTokensAsync();

        await api.SendAsync("POST", "/api/v1/static-mappings", 413, new string(' ', 65 * 1024));
        await api.SendAsync(
            "POST", "/api/v1/configuration/check", 413, new string(' ', (16 << 20) + 1), "application/yaml",
            static request => request.Headers.ExpectContinue = true);
    }

    [Fact]
    public async Task Strange_paths_methods_and_bytes_get_a_problem()
    {
        await using TestApi api = await TestApi.WithTokensAsync();

        JsonElement problem = await api.SendAsync("GET", "/api/v1/poools", 404);
        Assert.Contains("/openapi.json", problem.GetProperty("detail").GetString());
        Assert.Equal("/api/v1/poools", problem.GetProperty("instance").GetString());
        problem = await api.SendAsync("PATCH", "/api/v1/pools", 405);
        Assert.Contains("GET would be right", problem.GetProperty("detail").GetString());
        await api.SendAsync("GET", "/api/v1/pools/none", 404);
        await api.SendAsync("GET", "/api/v1/instances/2", 404);
        await api.SendAsync("GET", "/api/v1/pools?x=1", 400);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/static-mappings");
        request.Content = new ByteArrayContent([0xFF, 0xFE, 0x00]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await TestApi.ReadAsync(await api.Http.SendAsync(request), 400);
    }

    [Fact]
    public async Task A_change_that_can_not_be_recorded_is_not_made()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        File.Delete(api.AuditFile);
        Directory.CreateDirectory(api.AuditFile);

        JsonElement problem = await api.SendAsync("DELETE", "/api/v1/static-mappings/tcp/203.0.113.5:1", 503);
        Assert.Contains("audit-log", problem.GetProperty("detail").GetString());
        Directory.Delete(api.AuditFile);
    }

    [SkippableFact]
    public async Task On_a_full_disk_no_change_is_made_and_no_half_line_is_left()
    {
        const string Mapping = "/api/v1/static-mappings/tcp/203.0.113.5:1";
        using SmallDisk disk = new(64);
        string file = Path.Combine(disk.Folder, "audit.jsonl");
        await using TestApi api = await TestApi.WithTokensAsync(api: $", audit-log: {file}");
        await api.SendAsync("DELETE", Mapping, 404);
        disk.Fill();
        // What is left of the file's last page takes some lines.
        int status = 404;
        for (int i = 0; i < 100 && status == 404; i++)
        {
            using HttpResponseMessage response = await api.Http.DeleteAsync(Mapping);
            status = (int)response.StatusCode;
        }

        Assert.Equal(503, status);
        Assert.All(File.ReadAllLines(file), static line => JsonDocument.Parse(line));
    }

    [Theory]
    [InlineData("GET /api/v1/po")]
    [InlineData("GET /api/v1/pools HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task Half_a_request_and_a_follower_do_not_keep_it_from_ending(string begun)
    {
        TestApi api = await TestApi.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(api.Address.Host, api.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun));
        if (begun.Contains("events"))
            Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[16]));

        Task end = api.DisposeAsync().AsTask();
        Assert.Same(end, await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(25))));
        await end;
    }
}
