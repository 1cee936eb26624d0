namespace EcsDeploy.Processes;

/// <summary>A line that a program wrote, without control characters and of bounded length.</summary>
internal readonly record struct OutputLine(string Text, bool IsError);
