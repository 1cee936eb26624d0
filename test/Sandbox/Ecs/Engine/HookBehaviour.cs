namespace Sandbox.Ecs.Engine;

/// <summary>What the Lambda functions of lifecycle hooks answer.</summary>
public sealed class HookBehaviours
{
    private readonly Dictionary<string, HookBehaviour> _byFunction = new(StringComparer.Ordinal);

    public void Set(string functionArn, HookBehaviour behaviour) => _byFunction[functionArn] = behaviour;

    public HookBehaviour Of(string functionArn) => _byFunction.GetValueOrDefault(functionArn, new HookBehaviour());
}

/// <summary>How long a function takes and what it answers in the end.</summary>
public sealed record HookBehaviour(bool Succeeds = true)
{
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(1);
}
