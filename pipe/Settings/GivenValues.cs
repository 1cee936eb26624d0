using System.Globalization;

namespace EcsDeploy.Settings;

/// <summary>Finds what was given for a variable: by the step, by the config file, by the context, in this order; notes when two differ.</summary>
/// <param name="environment">The step's environment.</param>
/// <param name="file">What the config file says, by variable.</param>
/// <param name="action">Variables that this action does not take count as not given; null lets all count.</param>
/// <param name="notes">Where to note what is found on the way.</param>
internal sealed class GivenValues(
    IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, SettingValue> file, PipeAction? action, SettingsNotes notes)
{
    // More entries than a pipe's variables can carry (Bitbucket: 120 K characters in all).
    private const int MostEntries = 10_000;

    public SettingValue? Find(string name)
    {
        var variable = VariableTable.Of(name);
        if (action is { } chosen && !variable.Taken.Includes(chosen))
        {
            return null;
        }

        if (variable.FileOnly)
        {
            return Resolved(file.GetValueOrDefault(name));
        }

        SettingValue?[] all =
        [
            FromEnvironment(variable, name, ValueOrigin.Step, "the step"),
            file.GetValueOrDefault(name),
            variable.Guard ? null : FromEnvironment(variable, VariableNames.ContextPrefix + name, ValueOrigin.Context, "the context"),
        ];
        var found = all.OfType<SettingValue>().ToArray();
        foreach (var other in found.Skip(1).Where(other => !other.SameAs(found[0])))
        {
            notes.Remark(variable.IsHidden
                ? $"{name}: the value of {found[0].Place} is used; {other.Place} has another one"
                : $"{name}: {SettingsNotes.Shown(found[0])} of {found[0].Place} is used; {other.Place} has {SettingsNotes.Shown(other)}");
        }

        return Resolved(found.FirstOrDefault());
    }

    /// <summary>Whether the step itself gave it: that alone can be a fault for an action that does not take it.</summary>
    public bool InStep(string name) => FromEnvironment(VariableTable.Of(name), name, ValueOrigin.Step, "the step") is not null;

    /// <summary>The step hands it over without a value: most often a variable of the pipeline that this step does not have.</summary>
    public bool IsBlank(string name) => environment.TryGetValue(name, out var text) && IsUnset(text, name);

    /// <summary>Given, but as an array where one value is taken, which is told elsewhere: that it is "not set" would be wrong.</summary>
    public bool IsMisshapen(string name) =>
        VariableTable.Of(name) is { IsList: false } variable && environment.ContainsKey($"{name}_COUNT") && IsArray(variable, name);

    public bool IsNeeded(string name) => action is { } chosen && VariableTable.Of(name).Needed.Includes(chosen);

    private SettingValue? Resolved(SettingValue? value)
    {
        if (value?.Unresolved is { } fault)
        {
            notes.Fault(fault);
            return null;
        }

        return value;
    }

    private SettingValue? FromEnvironment(Variable variable, string key, ValueOrigin origin, string place)
    {
        if (Array(variable, key) is { } entries)
        {
            return entries.Length > 0 ? new SettingValue(variable.Name, entries, true, origin, place) : null;
        }

        if (!environment.TryGetValue(key, out var text))
        {
            return null;
        }

        if (!IsUnset(text, variable.Name))
        {
            return new SettingValue(variable.Name, [text], false, origin, place);
        }

        if (variable.Guard)
        {
            notes.Fault($"{variable.Name} is given but blank. It keeps something from happening, so it must have a value or not be there at all.");
        }

        return null;
    }

    // NAME_COUNT, NAME_0, NAME_1 …: how Bitbucket hands over an array.
    private string[]? Array(Variable variable, string key)
    {
        if (!environment.TryGetValue($"{key}_COUNT", out var text) || (!variable.IsList && !IsArray(variable, key)))
        {
            return null;
        }

        // Taken for "not given", a guard written as an array would let pass what it was set to stop.
        if (!variable.IsList)
        {
            notes.Fault($"{variable.Name} is given as an array, but takes one value. Write it without the dash: {variable.Name}: '<value>'.");
            return [];
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MostEntries)
        {
            notes.Fault($"{key}_COUNT is '{SettingsNotes.Line(text)}'. It must be the number of entries, as Bitbucket sets it for an array.");
            return [];
        }

        if (count == 0 && variable.Guard)
        {
            notes.Fault($"{variable.Name} is given but empty. It keeps something from happening, so it must have a value or not be there at all.");
        }

        return [.. Enumerable.Range(0, count).Select(index => environment.GetValueOrDefault($"{key}_{index}", string.Empty))];
    }

    // Elsewhere than on Bitbucket, NAME_COUNT alone may be another program's; a guard is not left to such a guess.
    private bool IsArray(Variable variable, string key) => variable.Guard || environment.ContainsKey($"{key}_0");

    // An unset variable of the pipeline arrives as nothing, or as its own name unresolved (from pipe.yml's default or from the step).
    private static bool IsUnset(string text, string name)
    {
        var trimmed = text.Trim();
        return trimmed.Length == 0 || trimmed == $"${name}" || trimmed == $"${{{name}}}"
            || trimmed == $"${VariableNames.ContextPrefix}{name}" || trimmed == $"${{{VariableNames.ContextPrefix}{name}}}";
    }
}
