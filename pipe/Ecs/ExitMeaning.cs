using System.Globalization;

namespace EcsDeploy.Ecs;

/// <summary>What a container's exit code usually means: 128 and a signal's number where a signal ended it.</summary>
internal static class ExitMeaning
{
    public static string Of(ContainerState container, string? taskMemory) => container.ExitCode switch
    {
        0 => "it ended by itself without an error, but a service's container must keep running",
        1 => "the app ended with an error; the last lines that it wrote tell which",
        125 or 126 => "its command could not be run; look at its permissions in the image and at the image's platform",
        127 => "its command was not found in the image; look at entryPoint and command in the task definition",
        134 => "it aborted (SIGABRT): in .NET an exception that nobody caught, whose stack is among the last lines that it wrote",
        137 => $"it was killed (SIGKILL): out of memory{Limit(container, taskMemory)}, or it did not end within stopTimeout",
        139 => "it crashed (SIGSEGV); look for a native library that does not fit the image's system or platform",
        143 => "it was asked to end (SIGTERM); look at the service's events for who asked",
        { } code when code is > 128 and < 160 => $"signal {(code - 128).ToString(CultureInfo.InvariantCulture)} ended it",
        _ => "the app ended with an error of its own; the last lines that it wrote tell which",
    };

    private static string Limit(ContainerState container, string? taskMemory) =>
        (container.Memory ?? taskMemory) is { Length: > 0 } limit ? $" (its limit is {limit} MiB)" : "";
}
