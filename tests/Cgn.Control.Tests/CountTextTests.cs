using Cgn.Control.State;

using Xunit;

namespace Cgn.Control.Tests;

/// <summary>Numbers of things.</summary>
public class CountTextTests
{
    [Theory]
    [InlineData(0, "0 mappings", "0 addresses")]
    [InlineData(1, "1 mapping", "1 address")]
    [InlineData(1234, "1234 mappings", "1234 addresses")]
    public void One_thing_is_one_and_all_other_numbers_are_many(int number, string usual, string irregular)
    {
        Assert.Equal(usual, CountText.Of(number, "mapping"));
        Assert.Equal(irregular, CountText.Of((ulong)number, "address", "addresses"));
    }
}
