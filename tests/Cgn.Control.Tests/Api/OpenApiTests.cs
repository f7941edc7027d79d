using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The description of the API: whole, and what it says is so.</summary>
public class OpenApiTests
{
    private static readonly string[] s_endpoints =
    [
        "DELETE /api/v1/mappings", "DELETE /api/v1/static-mappings/{protocol}/{external}",
        "DELETE /api/v1/subscribers/{subscriber}/mappings", "DELETE /api/v1/subscribers/{subscriber}/policy",
        "GET /api/v1/address-mappings",
        "GET /api/v1/configuration", "GET /api/v1/configuration.yaml", "GET /api/v1/configuration/history",
        "GET /api/v1/configuration/history/{number}", "GET /api/v1/drops", "GET /api/v1/events",
        "GET /api/v1/events/recent", "GET /api/v1/health", "GET /api/v1/instances", "GET /api/v1/instances/{id}",
        "GET /api/v1/instances/{id}/capabilities", "GET /api/v1/instances/{id}/statistics", "GET /api/v1/mappings",
        "GET /api/v1/pools", "GET /api/v1/pools/{pool-id}", "GET /api/v1/port-blocks", "GET /api/v1/sessions",
        "GET /api/v1/softwires", "GET /api/v1/static-mappings", "GET /api/v1/subscribers",
        "GET /api/v1/subscribers/busiest",
        "GET /api/v1/subscribers/{subscriber}", "GET /api/v1/subscribers/{subscriber}/mappings",
        "GET /api/v1/workers", "POST /api/v1/configuration/check", "POST /api/v1/configuration/diff",
        "POST /api/v1/configuration/rollback/{number}", "POST /api/v1/static-mappings",
        "POST /api/v1/subscribers/{subscriber}/disconnect", "PUT /api/v1/configuration",
        "PUT /api/v1/subscribers/{subscriber}/policy",
    ];

    [Fact]
    public async Task Every_endpoint_is_described_with_a_summary_its_parameters_and_its_errors()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement document = await api.GetAsync("/openapi.json");
        (string Name, JsonElement Operation)[] operations = [.. Operations(document)];

        Assert.Equal(s_endpoints, operations.Select(static o => o.Name).Order(StringComparer.Ordinal));
        Assert.All(operations, static o =>
        {
            Assert.True(o.Operation.GetProperty("summary").GetString()!.Length > 3, o.Name);
            JsonElement responses = o.Operation.GetProperty("responses");
            Assert.Contains(responses.EnumerateObject(), static r => r.Name[0] == '2');
            foreach (string status in (string[])["400", "401", "503"])
            {
                string type = o.Name.EndsWith("/health", StringComparison.Ordinal) && status == "503"
                    ? "application/json"
                    : "application/problem+json";
                Assert.True(
                    responses.GetProperty(status).GetProperty("content").TryGetProperty(type, out _), o.Name + status);
            }

            bool isChange = !o.Name.StartsWith("GET", StringComparison.Ordinal)
                && !o.Name.EndsWith("/check", StringComparison.Ordinal)
                && !o.Name.EndsWith("/diff", StringComparison.Ordinal);
            Assert.Equal(isChange, responses.TryGetProperty("403", out _));
            if (o.Operation.TryGetProperty("parameters", out JsonElement parameters))
            {
                Assert.All(parameters.EnumerateArray(), p => Assert.True(
                    p.GetProperty("description").GetString()!.Length > 3, o.Name + p.GetProperty("name")));
            }
        });
    }

    [Fact]
    public async Task Paths_name_their_parameters_and_what_can_be_read_answers()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach ((string name, JsonElement operation) in Operations(await api.GetAsync("/openapi.json")))
        {
            string path = name.Split(' ')[1];
            string[] inPath = [.. path.Split('{').Skip(1).Select(static part => part[..part.IndexOf('}')])];
            string[] described = operation.TryGetProperty("parameters", out JsonElement parameters)
                ? [.. parameters.EnumerateArray().Where(static p => p.GetProperty("in").GetString() == "path")
                    .Select(static p => p.GetProperty("name").GetString()!)]
                : [];
            Assert.Equal(inPath, described);
            if (!name.StartsWith("GET", StringComparison.Ordinal) || path.EndsWith("/events", StringComparison.Ordinal))
                continue;
            string real = path.Replace("{id}", "1").Replace("{pool-id}", "one").Replace("{subscriber}", "100.64.0.5")
                .Replace("{number}", "1");
            using var response = await api.Http.GetAsync(real);
            Assert.True(response.IsSuccessStatusCode, $"{real}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Where_tokens_are_wanted_the_description_says_so()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string text = await api.Http.GetStringAsync("/openapi.json");
        using JsonDocument described = JsonDocument.Parse(text);
        JsonElement document = described.RootElement;
        JsonElement scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token");

        Assert.Equal(
            ("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        Assert.All(Operations(document), static o => Assert.Equal(
            !o.Name.EndsWith("/health", StringComparison.Ordinal),
            o.Operation.TryGetProperty("security", out JsonElement security)
                && security[0].TryGetProperty("token", out _)));
        await using TestApi open = await TestApi.StartAsync();
        JsonElement without = await open.GetAsync("/openapi.json");
        Assert.False(without.GetProperty("components").TryGetProperty("securitySchemes", out _));
    }

    [Fact]
    public async Task Schemas_have_the_names_that_answers_have()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement document = await api.GetAsync("/openapi.json");
        JsonElement schema = document.GetProperty("components").GetProperty("schemas")
            .GetProperty("SubscriberResource").GetProperty("properties");
        JsonElement subscriber = (await RecordEndpointTests.ItemsAsync(api, "/api/v1/subscribers"))[0];

        Assert.All(subscriber.EnumerateObject(), property => Assert.True(
            schema.TryGetProperty(property.Name, out _), property.Name));
        Assert.Equal(
            "Its plan; pending while it waits for its authorization, refused when it has none.",
            schema.GetProperty("plan").GetProperty("description").GetString());
        JsonElement problem = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        Assert.True(problem.GetProperty("properties").TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task Limits_that_may_be_left_out_are_not_promised()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement schemas = (await api.GetAsync("/openapi.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(["max-port-sets", "port-quota"], Required(schemas.GetProperty("SubscriberLimits")));
        Assert.Empty(Required(schemas.GetProperty("PortQuotaResource")));
    }

    private static IEnumerable<string?> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out JsonElement names)
            ? names.EnumerateArray().Select(static name => name.GetString())
            : [];

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);
}
