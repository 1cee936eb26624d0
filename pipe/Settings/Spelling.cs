namespace EcsDeploy.Settings;

/// <summary>Guesses which known word was meant.</summary>
internal static class Spelling
{
    private const int MostEdits = 2;

    /// <summary>The nearest of the known words, if one is near at all.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => known
        .Select(candidate => (Word: candidate, Edits: Edits(word, candidate)))
        .Where(candidate => candidate.Edits <= MostEdits && candidate.Edits < word.Length)
        .OrderBy(candidate => candidate.Edits)
        .Select(candidate => candidate.Word)
        .FirstOrDefault();

    // Levenshtein's distance, row by row.
    private static int Edits(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MostEdits)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
