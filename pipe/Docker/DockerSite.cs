namespace EcsDeploy.Docker;

/// <summary>Where Docker's command line runs, and what it may see.</summary>
internal sealed record DockerSite
{
    public required string CloneDirectory { get; init; }

    /// <summary>An existing folder of this run alone, removed at its end: <c>docker login</c> writes into it.</summary>
    public required string ConfigurationDirectory { get; init; }

    /// <summary>The command line that the pipe's full image brings, out of PATH so that it stands before nobody's (the Dockerfile puts it there).</summary>
    public string OwnProgram { get; init; } = "/opt/dotnet-ecs-deploy/docker";

    /// <summary>The whole environment of the program, free of secrets.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}
