namespace EcsDeploy.Settings;

/// <summary>A value as it was given, and where.</summary>
/// <param name="Name">The variable that it is for.</param>
/// <param name="Entries">One entry for plain text, any number for a list that was written as one.</param>
/// <param name="IsList">Written as a list (a Bitbucket array, a YAML sequence): its entries are not split at line breaks.</param>
/// <param name="Origin">Which of the three places.</param>
/// <param name="Place">For messages: "the step", "ecs-deploy.yml line 4", "the context".</param>
internal sealed record SettingValue(string Name, IReadOnlyList<string> Entries, bool IsList, ValueOrigin Origin, string Place)
{
    /// <summary>Why it cannot be used: a variable in it is not set. A fault only once somebody needs it; other environments' variables are not passed to this step.</summary>
    public string? Unresolved { get; init; }

    public string Text => string.Join('\n', Entries);

    public bool SameAs(SettingValue other) => Entries.Select(entry => entry.Trim()).SequenceEqual(other.Entries.Select(entry => entry.Trim()), StringComparer.Ordinal);
}

/// <summary>Where a value comes from; the first of these that has one wins.</summary>
internal enum ValueOrigin
{
    Step,
    File,
    Context,
}
