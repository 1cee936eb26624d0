using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>DEBUG tells every request, and nothing that a run prints, writes or sends somewhere it does not belong holds a secret.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task Debug_tells_every_request_with_its_duration_and_no_secret()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("DEBUG", "true"), ("SET_ENV_VARS", "API_KEY=hunter2-hunter2"));

        Assert.Equal(ExitCode.Done, exit);
        foreach (var call in new[] { "AssumeRoleWithWebIdentity", "GetAuthorizationToken", "RegisterTaskDefinition", "UpdateService", "DescribeServiceDeployments", "PutImage", "/v2/shop/blobs/uploads/" })
        {
            Assert.Contains(run.Log.Split('\n'), line => line.Contains("DEBUG", StringComparison.Ordinal) && line.Contains(call, StringComparison.Ordinal) && line.Contains("ms", StringComparison.Ordinal));
        }

        AssertNoSecret(run, "hunter2-hunter2");
    }

    [Fact]
    public async Task A_failure_in_debug_tells_no_secret_either()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("DEBUG", "true"), ("DEPLOY_ROLE_ARN", "arn:aws:iam::222222222222:role/nobody"));

        Assert.Equal(ExitCode.Access, exit);
        AssertNoSecret(run);
    }

    private static void AssertNoSecret(PipeRun run, params IReadOnlyList<string> others)
    {
        var token = run.Variables["BITBUCKET_STEP_OIDC_TOKEN"];
        string[] secrets = [token, token.Split('.')[1], token.Split('.')[2], .. run.Sandbox.Secrets, .. others];
        var files = Directory.Exists(Path.Combine(run.Clone, ".dotnet-ecs-deploy"))
            ? Directory.GetFiles(Path.Combine(run.Clone, ".dotnet-ecs-deploy")).Select(File.ReadAllText)
            : [];
        var seen = string.Join('\n', [run.Log, .. files, .. run.Requests.Select(request => $"{request} {request.Path}")]);
        Assert.True(secrets.Length > 5);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
    }
}
