using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class SteadyHistoryTests
{
    [Theory]
    [InlineData("1 2 3", "3", "2 1")]
    [InlineData("1 2 3", "4", "3 2 1")]
    [InlineData("1 2 3 3 3", "3", "2 1")]
    [InlineData("1 2 3 2", "2", "1")]
    [InlineData("1 2 3 2 1", "1", "")]
    [InlineData("1 2 3 2 4", "4", "2 1")]
    [InlineData("1 2 1 2", "2", "1")]
    [InlineData("1 2 3", "1", "")]
    [InlineData("", "1", "")]
    public void What_was_gone_back_from_is_no_way_back(string successes, string current, string ways) =>
        Assert.Equal(ways, string.Join(' ', SteadyHistory.WaysBack(successes.Split(' ', StringSplitOptions.RemoveEmptyEntries), key => key, current)));
}
