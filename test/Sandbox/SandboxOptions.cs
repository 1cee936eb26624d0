using Sandbox.Ecs;
using Sandbox.Faults;
using Sandbox.Worlds;

namespace Sandbox;

/// <summary>How one sandbox is started.</summary>
public sealed record SandboxOptions
{
    public World World { get; init; } = DefaultWorld.Create();

    /// <summary>Moves tasks, ends sessions, dates tokens; only the age of signatures is judged on real time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What goes wrong on purpose; may be added to while the sandbox runs.</summary>
    public FaultPlan Faults { get; init; } = new();

    public EcsOptions Ecs { get; init; } = new();

    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>Where blobs lie; null means a folder of its own that is removed at the end.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Entries on one page of every listing; null means the documented sizes.</summary>
    public int? PageSize { get; init; }

    /// <summary>Also listens on HTTPS, with a certificate of an authority that is made at the start.</summary>
    public bool Tls { get; init; }
}
