using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace EcsDeploy.Logging;

/// <summary>Knows every secret from the moment it exists and takes it, in each form it may be written in, out of any text.</summary>
internal sealed partial class Redactor
{
    public const string Mask = "***";

    // Shorter text is in every other word; masking it would hide the log and tell the secret's place.
    private const int Shortest = 4;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _forms = new(StringComparer.Ordinal);
    private volatile Needles? _needles;

    public void Add(string? secret)
    {
        if (string.IsNullOrWhiteSpace(secret))
        {
            return;
        }

        lock (_gate)
        {
            var before = _forms.Count;
            foreach (var part in secret.Split('\n').Append(secret))
            {
                _forms.UnionWith(FormsOf(part.Trim()).Where(form => form.Length >= Shortest));
            }

            _needles = _forms.Count == before ? _needles : new Needles([.. _forms.OrderByDescending(form => form.Length)]);
        }
    }

    public string Redact(string text) => _needles is { } needles ? needles.Remove(text) : text;

    private static IEnumerable<string> FormsOf(string secret)
    {
        if (secret.Length < Shortest)
        {
            yield break;
        }

        yield return secret;
        yield return PlainText.Line(secret, int.MaxValue);
        foreach (var escaped in (string[])[Uri.EscapeDataString(secret), System.Net.WebUtility.UrlEncode(secret)])
        {
            yield return escaped;
            yield return PercentEncoded().Replace(escaped, match => match.Value.ToLowerInvariant());
        }

        // As .NET writes JSON, and as most others do.
        yield return System.Text.Json.JsonEncodedText.Encode(secret).ToString();
        yield return System.Text.Json.JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        foreach (var encoded in Base64Of(secret))
        {
            yield return encoded;
            yield return encoded.Replace('+', '-').Replace('/', '_');
        }
    }

    [GeneratedRegex("%[0-9A-F]{2}")]
    private static partial Regex PercentEncoded();

    // Base64 of a text that contains the secret (a login is "user:secret") shows the secret's characters in one of three alignments; the first and the last
    // group also carry bits of the neighbours and are left out.
    private static IEnumerable<string> Base64Of(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return Convert.ToBase64String(bytes).TrimEnd('=');
        for (var before = 0; before < 3; before++)
        {
            var skipped = (3 - before) % 3;
            var whole = (bytes.Length - skipped) / 3 * 3;
            if (whole >= 6)
            {
                yield return Convert.ToBase64String(bytes, skipped, whole);
            }
        }
    }

    private sealed class Needles(string[] longestFirst)
    {
        private readonly SearchValues<string> _any = SearchValues.Create(longestFirst, StringComparison.Ordinal);

        public string Remove(string text)
        {
            var rest = text.AsSpan();
            var found = rest.IndexOfAny(_any);
            if (found < 0)
            {
                return text;
            }

            var redacted = new StringBuilder(text.Length);
            for (; found >= 0; found = rest.IndexOfAny(_any))
            {
                redacted.Append(rest[..found]).Append(Mask);
                rest = rest[(found + LengthAt(rest[found..]))..];
            }

            return redacted.Append(rest).ToString();
        }

        private int LengthAt(ReadOnlySpan<char> text)
        {
            foreach (var needle in longestFirst)
            {
                if (text.StartsWith(needle, StringComparison.Ordinal))
                {
                    return needle.Length;
                }
            }

            return 1;
        }
    }
}
