using System.Diagnostics.CodeAnalysis;

namespace Sandbox.Registry;

/// <summary>The path of a request below <c>/v2/</c>, taken apart from its end, as repository names have slashes of their own.</summary>
internal readonly record struct RegistryPath(string Kind, string Name, string Reference)
{
    public const string Manifests = "manifests";
    public const string Blobs = "blobs";
    public const string Uploads = "uploads";
    public const string Tags = "tags";
    public const string Referrers = "referrers";

    public static bool TryParse(string path, [NotNullWhen(true)] out RegistryPath? parsed)
    {
        var parts = path.Split('/');
        parsed = parts switch
        {
            [.., "blobs", "uploads"] or [.., "blobs", "uploads", ""] => Of(Uploads, parts, parts[^1].Length == 0 ? 3 : 2, ""),
            [.., "blobs", "uploads", var id] => Of(Uploads, parts, 3, id),
            [.., "blobs", var digest] => Of(Blobs, parts, 2, digest),
            [.., "manifests", var reference] => Of(Manifests, parts, 2, reference),
            [.., "tags", "list"] => Of(Tags, parts, 2, ""),
            [.., "referrers", var digest] => Of(Referrers, parts, 2, digest),
            _ => null,
        };
        return parsed is { Name.Length: > 0 };
    }

    private static RegistryPath Of(string kind, string[] parts, int suffix, string reference) => new(kind, string.Join('/', parts[..^suffix]), reference);
}
