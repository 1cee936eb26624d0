namespace Sandbox.Facts;

/// <summary>The facts of one service: its operations and every shape that they reach.</summary>
public sealed record ServiceFacts(IReadOnlyDictionary<string, Operation> Operations, IReadOnlyDictionary<string, Shape> Shapes)
{
    /// <summary>Shapes without a constraint are named by their kind alone and stand in no file.</summary>
    private static readonly Dictionary<string, Shape> Plain = Enum.GetValues<ShapeKind>()
        .Where(kind => kind is not (ShapeKind.Structure or ShapeKind.List or ShapeKind.Map))
        .Select(kind => new Shape { Name = kind.ToString().ToLowerInvariant(), Kind = kind })
        .ToDictionary(shape => shape.Name);

    public Shape this[string name] => Plain.GetValueOrDefault(name) ?? Shapes[name];
}
