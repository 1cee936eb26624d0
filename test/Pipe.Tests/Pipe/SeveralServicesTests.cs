using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Several services in one run: each is seen to its own end, and of several troubles all is told.</summary>
public sealed class SeveralServicesTests
{
    private const string Dev = "arn:aws:ecs:eu-west-1:222222222222:service/dev/";

    [Fact]
    public async Task A_service_that_may_not_be_updated_is_reported_beside_the_one_that_was_rolled()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker").Denying(DefaultWorld.Dev, "deploy", "ecs:UpdateService", $"{Dev}worker"));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop worker"));

        Assert.Equal(ExitCode.Access, exit);
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:3).", run.Log, StringComparison.Ordinal);
        Assert.Contains($"{Dev}worker", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/worker: not rolled to its end. What serves is not known. Running this step again follows a rollout that was begun, or begins it.", run.LastLine, StringComparison.Ordinal);
        var services = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run.Clone, ".dotnet-ecs-deploy", "deployment.json"), TestContext.Current.CancellationToken))!["services"]!.AsArray();
        Assert.Equal(["succeeded", "not rolled to its end"], services.Select(service => (string)service!["verdict"]!));
        Assert.DoesNotContain("Recording in the registry", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_kept_each_of_several_services_from_being_rolled_is_told()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker").Denying(DefaultWorld.Dev, "deploy", "ecs:UpdateService", $"{Dev}*"));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop worker"));

        Assert.Equal(ExitCode.Access, exit);
        Assert.Contains($"on resource: {Dev}shop", run.Log, StringComparison.Ordinal);
        Assert.Contains($"on resource: {Dev}worker", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_each_of_several_services_is_told_before_anything_is_made()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        await new Stranger(run).RegisterAsync(definition => definition["containerDefinitions"]![0]!["name"] = "other");
        await new Stranger(run).CallAsync("UpdateService", """{"cluster":"dev","service":"worker","taskDefinition":"shop:3"}""");

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop worker"), ("CONTAINER_NAME", "web"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("Task definition shop:1 has no container 'web'. CONTAINER_NAME can be: shop.", "Task definition shop:3 has no container 'web'. CONTAINER_NAME can be: other.");
    }

    [Fact]
    public async Task A_revision_that_several_services_share_is_said_to_be_registered_once()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker", "mailer"));

        await run.DeployAsync(("SERVICE_NAME", "shop worker mailer"));

        Assert.Single(run.Log.Split('\n'), line => line.Contains("Registering a new revision of task definition shop", StringComparison.Ordinal));
    }
}
