using System.Globalization;
using System.Text.RegularExpressions;

namespace Sandbox.Ecs.Rules;

/// <summary>Task-level cpu and memory: <c>1024</c>, <c>1 vCPU</c>, <c>.5 vcpu</c>, <c>2GB</c> become whole units (RegisterTaskDefinition.cpu and .memory in the ECS model).</summary>
public static partial class Amounts
{
    /// <summary>CPU units; null when the text is no amount.</summary>
    public static int? Cpu(string text) => Read(text, VCpu());

    /// <summary>MiB; null when the text is no amount.</summary>
    public static int? Memory(string text) => Read(text, GigaByte());

    private static int? Read(string text, Regex unit)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        var match = unit.Match(text.Trim());
        return match.Success && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var units)
            && units < 1_000_000
            ? (int)(units * 1024)
            : null;
    }

    [GeneratedRegex(@"^([0-9]*\.?[0-9]+)\s*vcpu$", RegexOptions.IgnoreCase)]
    private static partial Regex VCpu();

    [GeneratedRegex(@"^([0-9]*\.?[0-9]+)\s*gb$", RegexOptions.IgnoreCase)]
    private static partial Regex GigaByte();
}
