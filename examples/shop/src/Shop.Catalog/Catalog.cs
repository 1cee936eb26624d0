namespace Shop.Catalog;

/// <summary>What the shop sells.</summary>
public static class Catalog
{
    public static IReadOnlyList<Item> Items { get; } =
    [
        new("Tea pot", 24.50m),
        new("Kettle", 39.00m),
        new("Tin of Assam", 12.20m),
    ];
}

/// <summary>One thing that is for sale; the price is in euro.</summary>
public sealed record Item(string Name, decimal Price);
