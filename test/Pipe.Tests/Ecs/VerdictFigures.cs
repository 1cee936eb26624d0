using System.Text.Json.Nodes;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Hands figures to <c>test/bench/verdicts.sh</c>: a file for each section in the folder that VERDICTS names, nothing where it names none.</summary>
internal static class VerdictFigures
{
    public static async Task KeepAsync(string section, JsonNode figures)
    {
        if (Environment.GetEnvironmentVariable("VERDICTS") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{section}.json"), figures.ToJsonString(), TestContext.Current.CancellationToken);
        }
    }
}
