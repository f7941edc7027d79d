using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The section walled-garden, and plans that are one.</summary>
public class WalledGardenSectionTests
{
    private const string Right = "portal: \"http://192.0.2.80/login\", allow: [192.0.2.80/32]";

    [Fact]
    public void Every_key_reaches_the_forwarder()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(With(
            "portal: \"https://portal.example.com/in?a=1\", allow: [192.0.2.80/32, 198.51.100.0/24], "
            + "allow-dns: false, original-url: from, answers-per-second: 7/s"));

        WalledGardenSettings garden = snapshot.WalledGarden;
        Assert.Equal("https://portal.example.com/in?a=1", garden.Portal);
        Assert.Equal(
            [new Ipv4PrefixSetting(0xC0000250, 32), new Ipv4PrefixSetting(0xC6336400, 24)], garden.Allow);
        Assert.Equal((false, "from", 7), (garden.AllowDns, garden.OriginalUrlKey, garden.AnswersPerSecond));
        Assert.True(Assert.Single(snapshot.Plans).WalledGarden);
    }

    [Fact]
    public void Left_out_nobody_is_kept_in()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.Small);

        Assert.False(Assert.Single(snapshot.Plans).WalledGarden);
        Assert.Empty(snapshot.WalledGarden.Portal);
    }

    [Fact]
    public void In_the_garden_names_are_resolved_and_the_portal_is_not_told_what_was_asked_for()
    {
        WalledGardenSettings garden = ConfigText.Snapshot(With(Right)).WalledGarden;

        Assert.Equal((true, "", 10_000), (garden.AllowDns, garden.OriginalUrlKey, garden.AnswersPerSecond));
    }

    [Theory]
    [InlineData("portal: \"ftp://192.0.2.80/\", allow: [192.0.2.80/32]", "'ftp://192.0.2.80/' is not the http")]
    [InlineData("portal: \"/login\", allow: [192.0.2.80/32]", "http://192.0.2.80/login would be")]
    [InlineData("portal: \"http://192.0.2.80/ a\", allow: [192.0.2.80/32]", "in ASCII")]
    [InlineData("portal: \"http://192.0.2.81/\", allow: [192.0.2.80/32]", "192.0.2.81/32 there would be right")]
    [InlineData("portal: \"http://[2001:db8::1]/\", allow: [192.0.2.80/32]", "an IPv4 address or a name")]
    [InlineData("portal: \"http://portal.example.com/\", allow: []", "one item at least is needed")]
    [InlineData("allow: [192.0.2.80/32]", "lacks its key portal")]
    [InlineData(Right + ", original-url: \"a&b\"", "'a&b' is no name of a query's part")]
    [InlineData(Right + ", answers-per-second: 0/s", "0/s")]
    public void A_mistake_is_told_with_what_would_be_right(string keys, string message)
    {
        Fault fault = Assert.Single(ConfigText.Faults(With(keys)).Errors);

        Assert.Contains(message, fault.Message);
        Assert.True(fault.Place.Line > 1);
    }

    [Fact]
    public void A_portal_too_long_for_one_answer_is_refused()
    {
        Fault fault = Assert.Single(ConfigText.Faults(With(
            $"portal: \"http://192.0.2.80/{new string('a', 600)}\", allow: [192.0.2.80/32]")).Errors);

        Assert.Contains("at most 512", fault.Message);
    }

    [Fact]
    public void A_plan_that_is_a_garden_needs_the_section()
    {
        Fault fault = Assert.Single(ConfigText.Faults(
            ConfigText.With("- { id: home }", "- { id: home, walled-garden: true }")).Errors);

        Assert.Contains("plan home is a walled garden, but there is no section walled-garden", fault.Message);
    }

    [Fact]
    public void A_garden_of_nobody_is_a_warning()
    {
        FaultList faults = ConfigText.Faults(ConfigText.Small + "walled-garden: { " + Right + " }\n");

        Assert.Empty(faults.Errors);
        Assert.Contains("the garden of no plan", Assert.Single(faults.All).Message);
    }

    private static string With(string keys) =>
        ConfigText.With("- { id: home }", "- { id: home, walled-garden: true }") + "walled-garden: { " + keys + " }\n";
}
