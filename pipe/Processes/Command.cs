namespace EcsDeploy.Processes;

/// <summary>A program to run, with its arguments as a list and the whole of its environment.</summary>
internal sealed record Command
{
    /// <summary>A path, or a name that is looked up in PATH.</summary>
    public required string Program { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public required string WorkingDirectory { get; init; }

    /// <summary>All that the program sees: nothing is inherited.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Written to the program's standard input, which is closed after it: where secrets belong, as arguments can be seen by others.</summary>
    public string Input { get; init; } = "";

    /// <summary>Called for each line as it comes, from one thread at a time.</summary>
    public Action<OutputLine> OnLine { get; init; } = _ => { };

    /// <summary>What a person would type, without the environment and the input.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quote));

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@+%".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument}'";
}
