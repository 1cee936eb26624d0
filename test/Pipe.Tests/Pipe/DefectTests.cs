using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A defect of ours ends with 1 and its stack, and says what serves like every other end.</summary>
public sealed class DefectTests
{
    [Fact]
    public async Task A_defect_is_called_one_and_what_serves_is_on_the_last_line()
    {
        using var output = new StringWriter();

        var exit = await new PipeRunner(new Dictionary<string, string>(), Path.GetTempPath(), output, new BrokenTime()).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Defect, exit);
        Assert.Contains("This is a defect of dotnet-ecs-deploy", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("✖ No service was touched: what ran before still serves\e[0m\n", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class BrokenTime : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("The clock is broken.");
    }
}
