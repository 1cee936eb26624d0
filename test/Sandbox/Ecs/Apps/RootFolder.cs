namespace Sandbox.Ecs.Apps;

/// <summary>A folder that is the root of an unpacked image: every path of the image is found inside it, whatever links and dots say.</summary>
public sealed class RootFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path).TrimEnd('/');

    /// <summary>Where a path of the image lies here, as a container would see it. The last part is not followed when it is a link.</summary>
    public string Place(string imagePath)
    {
        var parts = Parts(imagePath);
        return parts.Count == 0 ? Path : System.IO.Path.Combine(Follow(parts.Take(parts.Count - 1), 0), parts[^1]);
    }

    /// <summary>The same, with the last part followed too.</summary>
    public string Resolve(string imagePath) => Follow(Parts(imagePath), 0);

    /// <summary>What a symbolic link may say: targets that leave the root, or begin at it, are turned into places inside.</summary>
    public string LinkTarget(string linkPath, string target)
    {
        var folder = System.IO.Path.GetDirectoryName(Place(linkPath))!;
        if (target.StartsWith('/'))
        {
            return Path + Normal(target);
        }

        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, target));
        return IsInside(full) ? target : Path + Normal(System.IO.Path.Combine("/", folder[Path.Length..].TrimStart('/'), target));
    }

    public bool IsInside(string full) => full == Path || full.StartsWith(Path + "/", StringComparison.Ordinal);

    private string Follow(IEnumerable<string> parts, int hops)
    {
        if (hops > 40)
        {
            throw new IOException("Too many symbolic links in the image.");
        }

        var current = Path;
        var rest = new Queue<string>(parts);
        while (rest.TryDequeue(out var part))
        {
            var next = System.IO.Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            var inside = target.StartsWith(Path + "/", StringComparison.Ordinal) ? target[Path.Length..]
                : target.StartsWith('/') ? target
                : $"{current[Path.Length..]}/{target}";
            return Follow(Parts(inside).Concat(rest), hops + 1);
        }

        return current;
    }

    private static string Normal(string path) => $"/{string.Join('/', Parts(path))}";

    /// <summary>The parts of a path with dots taken out; two dots at the root stay there.</summary>
    private static List<string> Parts(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return parts;
    }
}
