using System.Collections.Concurrent;

namespace Sandbox.Faults;

/// <summary>A rule at work: how many requests it has seen and, for stale reads, what was answered.</summary>
internal sealed class ActiveFault(FaultRule rule)
{
    private int _seen;

    public FaultRule Rule { get; } = rule;

    /// <summary>Answers by the request that got them.</summary>
    public ConcurrentDictionary<string, KeptAnswer> Answers { get; } = new();

    /// <summary>One more request; true when it is among those that the rule strikes.</summary>
    public bool Count()
    {
        _seen++;
        return _seen >= Rule.First && (Rule.Count is null || _seen < Rule.First + Rule.Count);
    }
}

/// <summary>An answer that may be given again.</summary>
internal sealed record KeptAnswer(int Status, string? ContentType, byte[] Body);
