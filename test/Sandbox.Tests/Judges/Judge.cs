using System.Diagnostics;
using Xunit;

namespace Sandbox.Tests.Judges;

/// <summary>The programs of Debian that judge the sandbox, and a folder for each judgement. A test is skipped where its program is missing; test/run.sh installs them.</summary>
internal sealed class Judge : IDisposable
{
    /// <summary>By full path: a shim of the same name may stand earlier on the PATH.</summary>
    public const string Aws = "/usr/bin/aws";
    public const string Python = "/usr/bin/python3";
    public const string Skopeo = "/usr/bin/skopeo";
    public const string DockerRegistry = "/usr/bin/docker-registry";
    public const string Htpasswd = "/usr/bin/htpasswd";

    public Judge(params IEnumerable<string> programs)
    {
        foreach (var program in programs)
        {
            Assert.SkipUnless(File.Exists(program), $"{program} is not installed; test/run.sh installs it.");
        }

        Directory.CreateDirectory(Home);
    }

    /// <summary>HOME and working folder of the children; empty at first.</summary>
    public string Home { get; } = Path.Combine(Path.GetTempPath(), $"judge-{Guid.NewGuid():N}");

    public string PathOf(string name) => Path.Combine(Home, name);

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments) => Child.Command(program, Home, arguments);

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
