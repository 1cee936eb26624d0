using System.Globalization;
using System.Text.RegularExpressions;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>The ports that ASP.NET listens on by its environment: ASPNETCORE_URLS alone where it is set, else the two lists of ports.</summary>
internal static partial class ListeningPorts
{
    public static IEnumerable<string> Of(ImageConfiguration baseImage, IReadOnlyList<KeyValuePair<string, string>> environment)
    {
        string? Variable(string name) => environment.LastOrDefault(variable => variable.Key == name).Value ?? baseImage.Variable(name);

        var ports = Variable("ASPNETCORE_URLS") is { } urls
            ? Parts(urls).Select(url => UrlWithPort().Match(url).Groups["port"].Value)
            : Parts(Variable("ASPNETCORE_HTTP_PORTS")).Concat(Parts(Variable("ASPNETCORE_HTTPS_PORTS")));
        foreach (var port in ports)
        {
            if (int.TryParse(port, CultureInfo.InvariantCulture, out var number))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{number}/tcp");
            }
        }
    }

    private static string[] Parts(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    [GeneratedRegex(@"\w+://([*+]|.+):(?<port>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex UrlWithPort();
}
