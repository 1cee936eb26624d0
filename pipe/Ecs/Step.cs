using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>What a look at a rollout says: exactly one of the nested kinds.</summary>
internal abstract record Step
{
    public static readonly Step Goes = new Going();

    /// <summary>Nothing is decided.</summary>
    internal sealed record Going : Step;

    /// <summary>ECS has decided how it will end; its end is still to come.</summary>
    internal sealed record Decided(Verdict Verdict) : Step;

    /// <summary>ECS does not decide, and by its own formula the rollout has failed.</summary>
    internal sealed record Judged(Verdict Verdict, int Failures) : Step;

    /// <summary>It is over.</summary>
    internal sealed record Ended(Verdict Verdict) : Step;
}
