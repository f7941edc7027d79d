using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The configurations that the project ships.</summary>
public class ConfigFileTests
{
    public static IEnumerable<object[]> Files() =>
        Directory.EnumerateFiles(RepositoryFiles.Configs, "*.yaml")
            .Select(static path => new object[] { Path.GetFileName(path) });

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_shipped_configuration_is_usable(string name)
    {
        bool usable = ConfigLoader.TryLoad(
            Path.Combine(RepositoryFiles.Configs, name), out ConfigSnapshot? snapshot, out _, out FaultList faults);

        Assert.True(usable, string.Join('\n', faults.All));
        Assert.NotEmpty(snapshot!.Pools);
    }

    [Theory]
    [InlineData("dslite.yaml")]
    [InlineData("nat444.yaml")]
    [InlineData("both.yaml")]
    public void The_examples_have_no_warnings(string name)
    {
        ConfigLoader.TryLoad(Path.Combine(RepositoryFiles.Configs, name), out _, out _, out FaultList faults);

        Assert.Empty(faults.All);
    }

    [Fact]
    public void The_complete_example_shows_every_key_of_the_model_and_its_default()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Configs, "complete.yaml"));
        using JsonDocument schema = JsonDocument.Parse(SchemaWriter.Write());

        foreach (string key in Keys(schema.RootElement))
            Assert.Contains($"{key}:", text);
    }

    [Fact]
    public void A_snapshot_of_the_complete_example_survives_its_file()
    {
        ConfigLoader.TryLoad(
            Path.Combine(RepositoryFiles.Configs, "complete.yaml"), out ConfigSnapshot? snapshot, out _, out _);

        ConfigSnapshot read = SnapshotFile.Decode(SnapshotFile.Encode(snapshot!));

        Assert.Equivalent(snapshot, read, strict: true);
    }

    private static IEnumerable<string> Keys(JsonElement schema)
    {
        if (schema.TryGetProperty("items", out JsonElement items))
            schema = items;
        if (!schema.TryGetProperty("properties", out JsonElement properties))
            yield break;
        foreach (JsonProperty property in properties.EnumerateObject())
        {
            yield return property.Name;
            foreach (string inner in Keys(property.Value))
                yield return inner;
        }
    }
}
