using System.Globalization;
using System.Text.RegularExpressions;

namespace EcsDeploy.Settings;

/// <summary>Reads variables as what they mean; every wrong value is noted, and reads as if it had not been given.</summary>
internal sealed partial class PipeVariables(GivenValues values, SettingsNotes notes)
{
    /// <summary>What a flag may be.</summary>
    public const string FlagRule = "true or false (yes, no, on and off are understood too)";

    public SettingsNotes Notes => notes;

    public SettingValue? Find(string name) => values.Find(name);

    public bool InStep(string name) => values.InStep(name);

    /// <summary>The step hands it over without a value.</summary>
    public bool IsBlank(string name) => values.IsBlank(name);

    /// <summary>Given, but as an array where one value is taken.</summary>
    public bool IsMisshapen(string name) => values.IsMisshapen(name);

    /// <summary>The action cannot do without it; that it is missing is told elsewhere.</summary>
    public bool IsNeeded(string name) => values.IsNeeded(name);

    /// <summary>One line of text, without space around it; null when not given.</summary>
    public string? Text(string name)
    {
        if (values.Find(name) is not { } value)
        {
            return null;
        }

        var text = value.Text.Trim();
        if (IsUnresolved(name, text))
        {
            return null;
        }

        if (text.Any(char.IsControl))
        {
            notes.Wrong(value, "on one line");
            return null;
        }

        return text;
    }

    public T? Parsed<T>(string name, Func<string, T?> parse, string rule)
        where T : class
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var parsed = parse(text);
        if (parsed is null)
        {
            notes.Wrong(values.Find(name)!, rule);
        }

        return parsed;
    }

    public T? Value<T>(string name, Func<string, T?> parse, string rule)
        where T : struct => (T?)Parsed(name, text => (object?)parse(text), rule);

    public string? Matching(string name, Regex form, string rule) => Parsed(name, text => form.IsMatch(text) ? text : null, rule);

    public bool? Flag(string name) => Value(name, FlagOf, FlagRule);

    /// <summary>Whole minutes.</summary>
    public TimeSpan? Minutes(string name, int most) => Number(name, most, "minutes") is { } minutes ? TimeSpan.FromMinutes(minutes) : null;

    public int? Number(string name, int most, string unit) =>
        Value<int>(name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) && whole >= 1 && whole <= most ? whole : null, $"a whole number of {unit} from 1 to {most}");

    /// <summary>One of some words, in any case.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="words">All that are understood.</param>
    /// <param name="offered">Those that a message names; null for all.</param>
    public T? OneOf<T>(string name, IReadOnlyDictionary<string, T> words, IEnumerable<string>? offered = null)
        where T : struct =>
        Value<T>(name, text => words.Keys.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word ? words[word] : null, string.Join(" or ", offered ?? words.Keys));

    public Secret? Secret(string name)
    {
        var text = values.Find(name)?.Text.Trim();

        // A password may begin with a dollar sign, but not be all of ${NAME}.
        return text is null || (text.StartsWith("${", StringComparison.Ordinal) && IsUnresolved(name, text)) ? null : new Secret(text);
    }

    /// <summary>The same of a value inside an entry, as in CONNECTION=${DB}. In the config file such text was written on purpose, as $${DB}.</summary>
    public void CheckInside(string name, string entry)
    {
        var equals = entry.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && values.Find(name)?.Origin != ValueOrigin.File && Reference(entry[(equals + 1)..].Trim()) is { } missing)
        {
            notes.Fault($"{name}: {SettingsNotes.Line(entry[..equals])} is to have the value of the variable {missing}, which is not set in this step. Set it, or take the entry away.");
        }
    }

    /// <summary>One entry an item of the array, or a line; blanks around an entry and blank entries fall away.</summary>
    public IReadOnlyList<string> Lines(string name) => [.. Entries(name).Where(entry => values.Find(name)?.Origin == ValueOrigin.File || !IsUnresolved(name, entry))];

    /// <summary>As <see cref="Lines"/>, and parted at commas and blanks too: for names, tags, ids and platforms only.</summary>
    public IReadOnlyList<string> Words(string name)
    {
        var words = Entries(name).SelectMany(line => line.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).ToArray();
        if (words.Length == 0 && values.Find(name) is { } empty)
        {
            notes.Wrong(empty, "at least one entry");
        }

        return [.. words.Where(word => !IsUnresolved(name, word))];
    }

    public IReadOnlyList<T> ParsedWords<T>(string name, Func<string, T?> parse, string rule)
        where T : class
    {
        var parsed = new List<T>();
        foreach (var word in Words(name))
        {
            if (parse(word) is { } one)
            {
                parsed.Add(one);
            }
            else
            {
                notes.Fault($"{name} has the entry '{SettingsNotes.Line(word)}'. It must be {rule}.");
            }
        }

        return parsed;
    }

    /// <summary><c>NAME=value</c> a line; the values may be secrets, so a wrong entry is told by its place.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string name)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (index, line) in Lines(name).Index())
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !EnvironmentName().IsMatch(line[..equals]))
            {
                notes.Fault($"{name}: entry {index + 1} is not NAME=value, with one entry a line.");
            }
            else if (pairs.Exists(pair => pair.Key == line[..equals]))
            {
                notes.Fault($"{name} sets {line[..equals]} twice.");
            }
            else
            {
                CheckInside(name, line);
                pairs.Add(new(line[..equals], line[(equals + 1)..]));
            }
        }

        return pairs;
    }

    public static bool? FlagOf(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" => true,
        "FALSE" or "NO" or "OFF" => false,
        _ => null,
    };

    /// <summary>All of it is a reference to another variable, which the shell of the step left as it was.</summary>
    public bool IsUnresolved(string name, string text)
    {
        var reference = OtherVariable().Match(text);
        if (reference.Success)
        {
            var variable = VariableTable.Of(name);
            notes.Fault(
                variable.IsHidden && variable.Form != VariableForm.Secret && !text.StartsWith("${", StringComparison.Ordinal)
                    ? $"{name}: an entry begins with a dollar sign and is as a variable is written (it is not shown): none of that name is set in this step."
                    : $"{name}{(variable.Form == VariableForm.Secret ? string.Empty : $" is '{text}'")}: the variable {reference.Groups["name"].Value} is not set in this step.");
        }

        return reference.Success;
    }

    private IEnumerable<string> Entries(string name) => values.Find(name) is { } value
        ? (value.IsList ? value.Entries : value.Text.Split('\n')).Select(entry => entry.Trim()).Where(entry => entry.Length > 0)
        : [];

    // With braces only: what begins with a plain dollar sign may be a password, which no message may show.
    private static string? Reference(string text) =>
        text.StartsWith("${", StringComparison.Ordinal) && OtherVariable().Match(text) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex(@"^\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))$", RegexOptions.ExplicitCapture)]
    private static partial Regex OtherVariable();

    [GeneratedRegex(@"^[^\s=""'$]+$")]
    private static partial Regex EnvironmentName();
}
