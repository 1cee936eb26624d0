namespace Sandbox.Facts;

/// <summary>What a value may be, by the words of Amazon's models.</summary>
#pragma warning disable CA1720 // These are the models' own words.
public enum ShapeKind
{
    Structure,
    List,
    Map,
    String,
    Integer,
    Long,
    Double,
    Boolean,
    Timestamp,
    Blob,

    /// <summary>Any JSON.</summary>
    Document,
}
#pragma warning restore CA1720

/// <summary>One type of an API: its kind, and what values of it must keep to.</summary>
public sealed record Shape
{
    public required string Name { get; init; }

    public required ShapeKind Kind { get; init; }

    /// <summary>The least value of a number, length of a text, size of a list; null when the model sets none.</summary>
    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    /// <summary>A regular expression that the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>The values of an enumeration; empty for other texts.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public IReadOnlyList<Member> Members { get; init; } = [];

    public bool Has(string member) => Members.Any(known => known.Name == member);

    /// <summary>The shape of a list's elements or of a map's values.</summary>
    public string? Element { get; init; }

    /// <summary>The shape of a map's keys.</summary>
    public string? Key { get; init; }
}

/// <summary>One member of a structure.</summary>
public sealed record Member(string Name, string Shape, bool Required);

/// <summary>One operation of a service: the shapes of what goes in and comes out, null for none, and the errors that its model names.</summary>
public sealed record Operation(string Name, string? Input, string? Output, IReadOnlyList<string> Errors);
