using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Sandbox.Worlds;

namespace Pipe.Tests.Ecs;

/// <summary>One-off tasks beside the service of a <see cref="RolloutBench"/>.</summary>
internal static class OneOffBench
{
    public static readonly OneOffTask Migrate = new(["dotnet", "Shop.dll", "migrate all"]);

    /// <summary>What such a task does from now on: it writes at once and ends after some seconds.</summary>
    public static void Behave(RolloutBench bench, int exitCode, params IReadOnlyList<string> output) => Behave(bench, TimeSpan.FromSeconds(8), exitCode, output);

    public static void Behave(RolloutBench bench, TimeSpan after, int exitCode, params IReadOnlyList<string> output) => bench.Sandbox.Ecs.Behaviours.Add(
        new BehaviourRule(new TaskBehaviour { ExitAfter = after, ExitCode = exitCode, Output = output }) { Command = "migrate" });

    /// <summary>The image of the rollout that the tasks belong to.</summary>
    public static PushedImage ImageOf(RolloutBench bench) => new()
    {
        Repository = EcrRepository.TryParse(RolloutBench.Repository, out var repository) ? repository : null!,
        Digest = Digest.Parse(bench.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!.Find("1")!.Digest),
        EntryPoint = ["dotnet", "Tool.dll"],
    };

    public static async Task<OneOffOutcome> RunAsync(RolloutBench bench, OneOffTask wish, string build = "41", bool longDone = false, CancellationToken? token = null, EcsClient? ecs = null)
    {
        using var participant = bench.Clock.Enter("pipe");
        var service = await bench.ServiceAsync();
        var request = new OneOffRequest
        {
            Wish = wish,
            Occasion = build,
            MayBeLongDone = longDone,
            Service = service,
            Definition = await bench.Ecs.DescribeTaskDefinitionAsync(service.TaskDefinition, RolloutBench.Token),
            Container = "shop",
            Image = ImageOf(bench),
        };
        return await new OneOffTasks(ecs ?? bench.Ecs, bench.NewDefinitions(), bench.Logs, bench.Clock, bench.Log).RunAsync(request, token ?? RolloutBench.Token);
    }
}
