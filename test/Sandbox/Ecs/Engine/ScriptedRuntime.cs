
namespace Sandbox.Ecs.Engine;

/// <summary>Plays a container's behaviour on the agenda.</summary>
public sealed class ScriptedRuntime(Agenda agenda) : IContainerRuntime
{
    /// <summary>Elastic Load Balancing asks every 30 s by default; a target that fails twice in a row is unhealthy, one that passes once after registering is healthy.</summary>
    private static readonly HealthTimeline TargetGroup = new(TimeSpan.FromSeconds(30), 2, TimeSpan.Zero);

    private static readonly TimeSpan FirstTargetCheck = TimeSpan.FromSeconds(10);

    public IRunningContainer Start(ContainerStart start, IContainerEvents events) => new Script(agenda, start, events);

    private sealed class Script : IRunningContainer
    {
        private readonly Agenda _agenda;
        private readonly ContainerStart _start;
        private readonly IContainerEvents _events;
        private readonly List<Agenda.Entry> _plans = [];
        private bool _ended;

        public Script(Agenda agenda, ContainerStart start, IContainerEvents events)
        {
            (_agenda, _start, _events) = (agenda, start, events);
            Plan(start.Behaviour.StartAfter, Run);
        }

        public void Stop(TimeSpan timeout)
        {
            if (_ended)
            {
                return;
            }

            Drop();
            var behaviour = _start.Behaviour;
            var killed = behaviour.StopsAfter > timeout;
            Plan(killed ? timeout : behaviour.StopsAfter, () => End(killed ? 137 : behaviour.StoppedExitCode, null));
        }

        private void Run()
        {
            var behaviour = _start.Behaviour;
            if (behaviour.StopReason is { } failure)
            {
                _ended = true;
                _events.Failed(failure);
                return;
            }

            foreach (var line in behaviour.Output)
            {
                _events.Wrote(line);
            }

            if (behaviour.ExitAfter == TimeSpan.Zero)
            {
                End(behaviour.ExitCode, behaviour.Reason);
                return;
            }

            _events.Started();
            if (behaviour.ExitAfter is { } life)
            {
                Plan(life, () => End(behaviour.ExitCode, behaviour.Reason));
            }

            PlanFindings(behaviour);
        }

        private void PlanFindings(TaskBehaviour behaviour)
        {
            if (_start.Container.HealthCheck is { } check)
            {
                foreach (var (at, healthy) in HealthTimeline.Of(check).Changes(behaviour.HealthyAfter, behaviour.UnhealthyAfter))
                {
                    Plan(at, () => _events.Health(healthy));
                }
            }

            if (_start.Task.Service?.IsTarget(_start.Container.Name) != true)
            {
                return;
            }

            foreach (var (at, healthy) in TargetGroup.Changes(behaviour.HealthyAfter, behaviour.UnhealthyAfter))
            {
                var moment = healthy && behaviour.HealthyAfter < FirstTargetCheck ? FirstTargetCheck : at;
                Plan(moment, () => _events.Target(healthy, behaviour.TargetReason));
            }
        }

        private void End(int code, string? reason)
        {
            Drop();
            _ended = true;
            _events.Exited(code, reason);
        }

        private void Plan(TimeSpan delay, Action action) => _plans.Add(_agenda.Plan(delay, action));

        private void Drop()
        {
            _plans.ForEach(plan => plan.Cancel());
            _plans.Clear();
        }
    }
}
