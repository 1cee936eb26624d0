using System.IO.Enumeration;

namespace Sandbox.Faults;

/// <summary>The rules by which requests go wrong; each counts the requests it matches.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _faults = [];

    public FaultPlan(params IEnumerable<FaultRule> rules)
    {
        foreach (var rule in rules)
        {
            Add(rule);
        }
    }

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(fault => fault.Rule)];
            }
        }
    }

    public void Add(FaultRule rule)
    {
        lock (_gate)
        {
            _faults.Add(new ActiveFault(rule));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>Counts a request of this name and answers the rules that match it, with whether each strikes.</summary>
    internal IReadOnlyList<(ActiveFault Fault, bool Strikes)> Count(string name)
    {
        lock (_gate)
        {
            return [.. _faults.Where(fault => FileSystemName.MatchesSimpleExpression(fault.Rule.On, name, ignoreCase: false)).Select(fault => (fault, fault.Count()))];
        }
    }
}
