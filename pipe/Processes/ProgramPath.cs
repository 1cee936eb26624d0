namespace EcsDeploy.Processes;

/// <summary>Finds a program by the PATH that it is given; .NET itself would look in ours.</summary>
internal static class ProgramPath
{
    /// <summary>Null when there is none.</summary>
    public static string? Find(Command command)
    {
        if (command.Program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(command.Program, command.WorkingDirectory);
            return File.Exists(path) ? path : null;
        }

        return command.Environment.GetValueOrDefault("PATH", "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, command.Program))
            .FirstOrDefault(File.Exists);
    }
}
