using EcsDeploy;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Each variable, with an action that takes it, blank and unresolved: nothing is ever taken for a value that nobody meant.</summary>
public sealed class EveryVariableTests
{
    // Built in this version, and each with variables of its own.
    private static readonly PipeAction[] Actions = [PipeAction.Deploy, PipeAction.Push, PipeAction.Promote, PipeAction.Rollback, PipeAction.Status, PipeAction.Continue, PipeAction.Stop];

    // What a variable means nothing without.
    private static readonly (string Prefix, string Name, string Value)[] Companions =
    [
        ("DOCKER_", "DOCKERFILE", "Dockerfile"), ("BEFORE_DEPLOY_", "BEFORE_DEPLOY", "migrate"), ("AFTER_DEPLOY_", "AFTER_DEPLOY", "warm-up"),
        ("BASE_IMAGE_USERNAME", "BASE_IMAGE_PASSWORD", "hunter2"), ("BASE_IMAGE_PASSWORD", "BASE_IMAGE_USERNAME", "me"),
    ];

    private static readonly Dictionary<string, string> Keys = new()
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "hunter2-hunter2",
        ["AWS_SESSION_TOKEN"] = "hunter3-hunter3",
    };

    public static TheoryData<string, string> Variables => [.. VariableTable.All.SelectMany(variable =>
        Actions.Where(action => variable.Taken.Includes(action)).Select(action => (variable.Name, action.ToString().ToLowerInvariant())))];

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task Another_variable_that_is_not_set_is_named(string name, string action)
    {
        var (exit, log) = await RunAsync(name, "${NOBODY_SET_THIS}", action);

        Assert.Equal(ExitCode.Settings, exit);
        var shown = VariableTable.Of(name).Form == VariableForm.Secret ? name : $"{name} is '${{NOBODY_SET_THIS}}'";
        Assert.Contains($"{shown}: the variable NOBODY_SET_THIS is not set in this step.", log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Variables))]
    public async Task A_blank_one_is_as_if_it_were_not_there_unless_it_is_a_guard(string name, string action)
    {
        var (_, without) = await RunAsync(name, null, action);
        var (exit, blank) = await RunAsync(name, " \n ", action);

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
    private static async Task<(ExitCode Exit, string Log)> RunAsync(string name, string? value, string action)
    {
        var variables = new Dictionary<string, string>(Keys)
        {
            ["ACTION"] = action,
            ["BITBUCKET_COMMIT"] = new('a', 40),
            ["BITBUCKET_STEP_OIDC_TOKEN"] = "a.b.c",
            ["ECR_REPOSITORY"] = Step.Repository,
            ["AWS_OIDC_ROLE_ARN"] = "arn:aws:iam::222222222222:role/deploy",
            [name == "DEBUG" ? "REPORT" : "DEBUG"] = "perhaps",
        };
        if (action != "push")
        {
            (variables["SERVICE_NAME"], variables["CLUSTER_NAME"]) = ("shop", "dev");
        }

        foreach (var (_, companion, its) in Companions.Where(one => name.StartsWith(one.Prefix, StringComparison.Ordinal) && name != one.Name))
        {
            variables[companion] = its;
        }

        variables.Remove(name);
        if (value is not null)
        {
            variables[name] = value;
        }

        using var clone = new ClonedFile(name == "SERVICES" ? "services: { api: {}, worker: { image-of: api } }" : null);
        using var output = new StringWriter();
        var exit = await new PipeRunner(variables, clone.Folder, output, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        return (exit, output.ToString());
    }

    /// <summary>A clone with a config file, or with nothing in it.</summary>
    private sealed class ClonedFile : IDisposable
    {
        public ClonedFile(string? configuration)
        {
            if (configuration is not null)
            {
                File.WriteAllText(Path.Combine(Folder, "ecs-deploy.yml"), configuration);
            }
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("every-variable-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
