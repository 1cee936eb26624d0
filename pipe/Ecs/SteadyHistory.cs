namespace EcsDeploy.Ecs;

/// <summary>What ran steadily, as a pile: each success lies on top, and a return takes away what it was gone back from. So going back never goes forth again.</summary>
internal static class SteadyHistory
{
    /// <summary>What lies below the present one, the nearest first; the whole pile when the present one never ran steadily.</summary>
    /// <param name="oldestFirst">The successes in the order of time.</param>
    /// <param name="keyOf">What is the same version.</param>
    /// <param name="current">The key of what runs now.</param>
    public static IReadOnlyList<T> WaysBack<T>(IEnumerable<T> oldestFirst, Func<T, string> keyOf, string current)
    {
        var pile = new List<T>();
        foreach (var item in oldestFirst)
        {
            Cut(pile, keyOf, keyOf(item));
            pile.Add(item);
        }

        Cut(pile, keyOf, current);
        pile.Reverse();
        return pile;
    }

    private static void Cut<T>(List<T> pile, Func<T, string> keyOf, string key)
    {
        var at = pile.FindIndex(item => keyOf(item) == key);
        if (at >= 0)
        {
            pile.RemoveRange(at, pile.Count - at);
        }
    }
}
