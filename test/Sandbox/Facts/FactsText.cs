using System.Globalization;

namespace Sandbox.Facts;

/// <summary>
/// Reads the compact form of a service's facts. A line is an operation with its input, output and errors; or a shape: kind, name, element shapes,
/// bounds (<c>1..10</c>), values (<c>= A B</c>), pattern (<c>~ …</c> to the end of the line); or, indented, a structure's member (<c>!</c>: required).
/// </summary>
public static class FactsText
{
    public static ServiceFacts Read(TextReader text)
    {
        var operations = new Dictionary<string, Operation>();
        var shapes = new Dictionary<string, Shape>();
        Shape? last = null;
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("operation ", StringComparison.Ordinal))
            {
                var operation = ReadOperation(line.Split(' '));
                operations.Add(operation.Name, operation);
                continue;
            }

            last = line[0] == ' ' ? WithMember(last!, line.Trim().Split(' ')) : ReadShape(line);
            shapes[last.Name] = last;
        }

        return new ServiceFacts(operations, shapes);
    }

    private static Operation ReadOperation(string[] words) => new(words[1], OrNone(words[2]), OrNone(words[3]), words[4..]);

    private static string? OrNone(string word) => word == "-" ? null : word;

    private static Shape WithMember(Shape structure, string[] words)
    {
        var member = new Member(words[0].TrimEnd('!'), words[1], words[0].EndsWith('!'));
        return structure with { Members = [.. structure.Members, member] };
    }

    private static Shape ReadShape(string line)
    {
        var (front, pattern) = Cut(line, " ~ ");
        var (head, values) = Cut(front, " = ");
        var words = head.Split(' ');
        var kind = Enum.Parse<ShapeKind>(words[0], ignoreCase: true);
        var names = words.Skip(2).Where(word => !word.Contains("..", StringComparison.Ordinal)).ToArray();
        var bounds = words.FirstOrDefault(word => word.Contains("..", StringComparison.Ordinal)) ?? "..";
        var (min, max) = Cut(bounds, "..");
        return new Shape
        {
            Name = words[1],
            Kind = kind,
            Min = Number(min),
            Max = Number(max),
            Pattern = pattern,
            Values = values?.Split(' ') ?? [],
            Key = kind == ShapeKind.Map ? names[0] : null,
            Element = names.LastOrDefault(),
        };
    }

    private static (string Before, string? After) Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + mark.Length)..]);
    }

    private static decimal? Number(string? text) => string.IsNullOrEmpty(text) ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
