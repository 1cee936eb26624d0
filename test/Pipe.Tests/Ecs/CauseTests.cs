using EcsDeploy.Settings;
using Sandbox.Ecs.Engine;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>What goes wrong with tasks in the sandbox, and the first sentence of the verdict that comes of it.</summary>
public sealed class CauseTests
{
    private const string Check = """ "essential":true,"healthCheck":{"command":["CMD-SHELL","true"],"interval":5,"retries":2}, """;
    private const string Balancer = """ "serviceName":"shop","loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:222222222222:targetgroup/shop/1","containerName":"shop","containerPort":8080}], """;
    private const string Database = "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf";

    private static readonly Case[] Cases =
    [
        new("killed for memory", "Container shop exited with 137: the container ran out of memory: raise its memory limit")
        {
            Behaviour = Exits(137) with { Reason = "OutOfMemoryError: Container killed due to memory usage" },
        },
        new("killed without a word", "Container shop exited with 137: it was killed (SIGKILL): out of memory (its limit is 512 MiB)") { Behaviour = Exits(137) },
        new("a segmentation fault", "Container shop exited with 139: it crashed (SIGSEGV); look for a native library that does not fit the image's system or platform.") { Behaviour = Exits(139) },
        new("told to end", "Container shop exited with 143: it was asked to end (SIGTERM); look at the service's events for who asked.") { Behaviour = Exits(143) },
        new("done and gone", "Container shop exited with 0: it ended by itself without an error") { Behaviour = Exits(0) },
        new("another processor", "The image is for another processor than the task's")
        {
            Behaviour = new TaskBehaviour { StopReason = "CannotStartContainerError: Error response from daemon: exec /app/shop: exec format error" },
        },
        new("no way to AWS", "The task has no way to AWS")
        {
            Behaviour = new TaskBehaviour
            {
                StopReason = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: "
                    + "service call has been retried 3 time(s): RequestError: send request failed caused by: Post \"https://api.ecr.eu-west-1.amazonaws.com/\": dial tcp 1.2.3.4:443: i/o timeout",
            },
        },
        new("no capacity", "AWS has no capacity for the task at the moment")
        {
            Behaviour = new TaskBehaviour { NoCapacity = "Capacity is unavailable at this time. Please try again later or in a different availability zone" }, Image = null,
        },
        new("an image that is gone", $"{RolloutBench.Repository}:9 is not in the registry") { Tag = "9" },
        new("a repository without policy, on Fargate", $"ECR refused the pull of {RolloutBench.Repository}:1 (403): either the repository's policy") { World = WithoutPolicy },
        new("a repository without policy, on EC2", "The repository's policy does not allow ecr:BatchGetImage: allow the target account") { World = world => WithoutPolicy(OnEc2(world)) },
        new("an execution role that may not pull, on EC2", "The task execution role may not ecr:BatchGetImage") { World = world => WithRole(OnEc2(world), "ecr:BatchGetImage") },
        new("an execution role without a token", "The task execution role may not get a registry token") { World = world => WithRole(world, "ecr:GetAuthorizationToken") },
        new("a secret that the role may not read", $"The task execution role may not secretsmanager:GetSecretValue: allow it secretsmanager:GetSecretValue on {Database}")
        {
            Service = new ServiceSettings { Cluster = "dev", Name = "shop", SetSecrets = [new("DB", Database)] },
        },
        new("no log group", "The log group of the task definition does not exist")
        {
            World = world => world with { Clusters = [.. world.Clusters.Select(cluster => cluster with { LogGroups = [] })] },

            // The version before had none either.
            Ends = "failed and not rolled back",
        },
        new("the container's health check", "The container's health check fails")
        {
            World = InDefinition(""" "essential":true, """.Trim(), Check), Behaviour = new TaskBehaviour { HealthyAfter = TimeSpan.MaxValue },
        },
        new("the target group's health check", "The load balancer finds the tasks unhealthy")
        {
            World = InService("\"serviceName\":\"shop\",", Balancer), Behaviour = new TaskBehaviour { HealthyAfter = TimeSpan.MaxValue, TargetReason = "Health checks failed with these codes: [500]" },
        },
    ];

    public static TheoryData<string> Names => [.. Cases.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_first_reason_names_the_cause(string name)
    {
        var example = Cases.Single(item => item.Name == name);
        await using var bench = await RolloutBench.StartAsync(options => options with { World = example.World(options.World) });
        if (example.Behaviour is { } behaviour)
        {
            bench.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(behaviour) { Image = example.Image });
        }

        var outcome = await bench.RollAsync(example.Tag, service: example.Service);

        Assert.Equal(example.Ends, outcome.Verdict.Words);
        Assert.StartsWith(example.Says, outcome.Verdict.Reasons[0], StringComparison.Ordinal);
    }

    private static TaskBehaviour Exits(int code) => new() { ExitAfter = TimeSpan.Zero, ExitCode = code };

    private static World WithoutPolicy(World world) => world with { Repositories = [world.Repositories[0] with { Policy = null }] };

    private static Func<World, World> InDefinition(string old, string text) => world => InSeeds(world, seed => seed with { TaskDefinition = Replaced(seed.TaskDefinition, old, text) });

    private static Func<World, World> InService(string old, string text) => world => InSeeds(world, seed => seed with { Service = Replaced(seed.Service, old, text) });

    private static World OnEc2(World world) => InSeeds(world, seed => new ServiceSeed
    {
        TaskDefinition = Replaced(seed.TaskDefinition, "\"requiresCompatibilities\":[\"FARGATE\"],", ""),
        Service = Replaced(seed.Service, "\"launchType\":\"FARGATE\",", "\"launchType\":\"EC2\","),
    });

    private static World InSeeds(World world, Func<ServiceSeed, ServiceSeed> change) => world with
    {
        Clusters = [.. world.Clusters.Select(cluster => cluster with { Instances = 3, Services = [.. cluster.Services.Select(change)] })],
    };

    /// <summary>The tasks' execution role may do all that it needs, save this.</summary>
    private static World WithRole(World world, string without) => world with
    {
        Accounts = [.. world.Accounts.Select(account => account with
        {
            Roles = [.. account.Roles.Select(role => role.Name != "task-execution" ? role : role with { IdentityPolicies = [Replaced(role.IdentityPolicies[0], $"\"{without}\"", "\"ecr:DescribeImages\"")] })],
        })],
    };

    private static string Replaced(string text, string old, string with) =>
        text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, with, StringComparison.Ordinal) : throw new ArgumentException($"'{old}' is not in: {text}");

    private sealed record Case(string Name, string Says)
    {
        public string Ends { get; init; } = "rolled back";

        public TaskBehaviour? Behaviour { get; init; }

        /// <summary>Whose behaviour that is.</summary>
        public string? Image { get; init; } = "shop:1";

        public string Tag { get; init; } = "1";

        public ServiceSettings? Service { get; init; }

        public Func<World, World> World { get; init; } = world => world;
    }
}
