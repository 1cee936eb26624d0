using System.Text;

namespace EcsDeploy.Settings;

/// <summary>Collects while settings are read: what is wrong, and what the log should say of where a value came from.</summary>
internal sealed class SettingsNotes
{
    private const int LongestValue = 200;

    private readonly List<string> _faults = [];
    private readonly List<string> _remarks = [];

    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>So many by now.</summary>
    public int Faults => _faults.Count;

    public void Fault(string sentence) => AddOnce(_faults, sentence);

    public void Wrong(SettingValue value, string rule) => Fault($"{value.Name}{Place(value)} is {Shown(value)}. It must be {rule}.");

    public void Remark(string sentence) => AddOnce(_remarks, sentence);

    /// <summary>Throws with all faults if there are any.</summary>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw new InvalidSettingsException([.. _faults]);
        }
    }

    /// <summary>A value for a message: on one line, bounded, and never a secret's.</summary>
    public static string Shown(SettingValue value) => VariableTable.Of(value.Name).IsHidden ? "wrong (its value is not shown)" : $"'{Line(string.Join(", ", value.Entries))}'";

    public static string Line(string text)
    {
        var line = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, LongestValue)))
        {
            line.Append(char.IsControl(character) ? ' ' : character);
        }

        return text.Length > LongestValue ? line.Append('…').ToString() : line.ToString();
    }

    private static string Place(SettingValue value) => value.Origin == ValueOrigin.File ? $" ({value.Place})" : string.Empty;

    private static void AddOnce(List<string> sentences, string sentence)
    {
        if (!sentences.Contains(sentence, StringComparer.Ordinal))
        {
            sentences.Add(sentence);
        }
    }
}
