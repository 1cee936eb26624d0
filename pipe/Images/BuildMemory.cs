using System.Globalization;

namespace EcsDeploy.Images;

/// <summary>
/// Keeps a build inside the memory that a pipe has: Bitbucket gives it the Docker service's, 1 GB unless the pipeline says otherwise, and .NET cannot see that bound.
/// </summary>
internal sealed record BuildMemory(int Mebibytes)
{
    public const int DefaultMebibytes = 1024;

    // Runtimes, their native heaps and mapped assemblies, for MSBuild and one compiler beside it.
    private const int OutsideHeaps = 256;
    private const int SmallestHeap = 128;

    /// <summary>For each of the two processes that run at once: MSBuild, and the compiler that it starts.</summary>
    public int HeapMebibytes => Math.Max(SmallestHeap, (Mebibytes - OutsideHeaps) / 2);

    /// <summary>One node, nothing kept alive, no compiler server: each would hold memory of its own.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false"];

    public IEnumerable<KeyValuePair<string, string>> Variables =>
    [
        new("DOTNET_GCHeapHardLimit", string.Create(CultureInfo.InvariantCulture, $"0x{(long)HeapMebibytes << 20:X}")),
        new("DOTNET_gcServer", "0"),
        new("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        new("MSBUILDDISABLENODEREUSE", "1"),
    ];
}
