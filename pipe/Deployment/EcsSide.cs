using EcsDeploy.Ecs;

namespace EcsDeploy.Deployment;

/// <summary>The target account's ECS, as the actions need it.</summary>
internal sealed record EcsSide(EcsClient Client, ServiceSearch Search, TaskDefinitions Definitions, Rollout Rollout, RolloutControl Control);
