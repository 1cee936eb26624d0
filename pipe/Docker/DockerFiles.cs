using EcsDeploy.Settings;

namespace EcsDeploy.Docker;

/// <summary>What a build with Docker takes from the clone.</summary>
internal static class DockerFiles
{
    /// <summary>A sentence for each part that is not there.</summary>
    public static IReadOnlyList<string> Missing(ImageSource.Dockerfile source, string cloneDirectory)
    {
        List<string> missing = [];
        if (!File.Exists(Full(source.Path)))
        {
            missing.Add($"{VariableNames.Dockerfile} is '{source.Path}': there is no such file in the clone.");
        }

        if (!IsElsewhere(source.Context) && !Directory.Exists(Full(source.Context)))
        {
            missing.Add($"{VariableNames.DockerContext} is '{source.Context}': there is no such folder in the clone.");
        }

        missing.AddRange(source.Secrets.Index()
            .Where(secret => FileOf(secret.Item) is { } file && !File.Exists(Full(file)))
            .Select(secret => $"{VariableNames.DockerSecrets}: the file that entry {secret.Index + 1} names by src= is not in the clone."));
        return missing;

        string Full(string path) => Path.GetFullPath(path, cloneDirectory);
    }

    /// <summary>Docker takes addresses of repositories and archives too, one host's also without a scheme.</summary>
    private static bool IsElsewhere(string context) => context.Contains(':', StringComparison.Ordinal) || context.StartsWith("github.com/", StringComparison.Ordinal);

    /// <summary>Null for a secret that is in a variable; an entry with quotes, in which a comma may be part of a name, is left to Docker.</summary>
    private static string? FileOf(string secret)
    {
        var parts = secret.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        return secret.Contains('"', StringComparison.Ordinal) || parts["type"].Contains("env") || parts["env"].Any() ? null : parts["src"].Concat(parts["source"]).LastOrDefault();
    }
}
