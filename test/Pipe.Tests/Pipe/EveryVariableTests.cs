using EcsDeploy;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Each variable that a deployment takes, blank and unresolved: nothing is ever taken for a value that nobody meant.</summary>
public sealed class EveryVariableTests
{
    public static TheoryData<string> Variables => [.. VariableTable.All.Where(variable => variable.Taken.Includes(PipeAction.Deploy)).Select(variable => variable.Name)];

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task Another_variable_that_is_not_set_is_named(string name)
    {
        var (exit, log) = await RunAsync(name, "${NOBODY_SET_THIS}");

        Assert.Equal(ExitCode.Settings, exit);
        Assert.Contains(name, log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task A_blank_one_is_as_if_it_were_not_there_unless_it_is_a_guard(string name)
    {
        var (_, without) = await RunAsync(name, null);
        var (exit, blank) = await RunAsync(name, " \n ");

        Assert.Equal(ExitCode.Settings, exit);
        if (VariableTable.Of(name).Guard)
        {
            Assert.Contains($"{name} is given but blank", blank, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(without, blank);
        }
    }

    /// <summary>One fault is there in any case, so that nothing is ever called.</summary>
    private static async Task<(ExitCode Exit, string Log)> RunAsync(string name, string? value)
    {
        var variables = new Dictionary<string, string>
        {
            ["BITBUCKET_COMMIT"] = new('a', 40),
            ["BITBUCKET_STEP_OIDC_TOKEN"] = "a.b.c",
            ["ECR_REPOSITORY"] = Step.Repository,
            ["AWS_OIDC_ROLE_ARN"] = "arn:aws:iam::222222222222:role/deploy",
            ["SERVICE_NAME"] = "shop",
            ["CLUSTER_NAME"] = "dev",
            [name == "WAIT" ? "REPORT" : "WAIT"] = "perhaps",
        };
        variables.Remove(name);
        if (value is not null)
        {
            variables[name] = value;
        }

        using var output = new StringWriter();
        var exit = await new PipeRunner(variables, Path.GetTempPath(), output, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return (exit, output.ToString());
    }
}
