namespace Sandbox.Ecs.State;

/// <summary>A service's event stream: the latest 100, with identical messages suppressed until resolved or six hours passed (Service.events; ECS guide, service events).</summary>
public sealed class ServiceEvents
{
    private static readonly TimeSpan Suppressed = TimeSpan.FromHours(6);

    private readonly LinkedList<ServiceEvent> _events = new();
    private readonly Dictionary<string, DateTimeOffset> _said = new(StringComparer.Ordinal);

    /// <summary>Newest first.</summary>
    public IEnumerable<ServiceEvent> Latest => _events;

    public void Add(string id, DateTimeOffset now, string message)
    {
        if (_said.TryGetValue(message, out var last) && now - last < Suppressed)
        {
            return;
        }

        _said[message] = now;
        _events.AddFirst(new ServiceEvent(id, now, message));
        if (_events.Count > 100)
        {
            _said.Remove(_events.Last!.Value.Message);
            _events.RemoveLast();
        }
    }

    /// <summary>Lets a message be said again: what it told of is over.</summary>
    public void Resolve(string part)
    {
        foreach (var message in _said.Keys.Where(message => message.Contains(part, StringComparison.Ordinal)).ToList())
        {
            _said.Remove(message);
        }
    }
}

/// <summary>One event of a service.</summary>
public sealed record ServiceEvent(string Id, DateTimeOffset CreatedAt, string Message);
