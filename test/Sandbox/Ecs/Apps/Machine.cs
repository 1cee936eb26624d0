namespace Sandbox.Ecs.Apps;

/// <summary>What an app uses of the machine that it runs on.</summary>
/// <param name="Dotnet">The program that starts assemblies.</param>
/// <param name="Temporary">An existing folder for what it writes outside its image.</param>
public sealed record Machine(string Dotnet, string Temporary);
