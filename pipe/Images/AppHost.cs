namespace EcsDeploy.Images;

/// <summary>Tells a program that holds an app from the SDK's starter of an app, which is nothing without the files beside it.</summary>
internal static class AppHost
{
    private const string ConfigSuffix = ".runtimeconfig.json";

    // Part of the runtime that a self-contained app brings along: such an app starts without a configuration too.
    private const string OwnRuntime = "libhostpolicy.so";

    /// <summary>Refuses a starter that would not find the .NET that its app needs.</summary>
    public static void Check(string program)
    {
        var name = Path.GetFileName(program);
        if (File.Exists(program + ".dll") && !File.Exists(program + ConfigSuffix) && !File.Exists(Path.Combine(Path.GetDirectoryName(program)!, OwnRuntime)))
        {
            throw new BuildException(
                $"The published program {name} only starts {name}.dll, and there is no {name}{ConfigSuffix} beside it, which says what .NET to start it on. Publish again, and keep every file of what is published.");
        }
    }
}
