namespace EcsDeploy.Images;

/// <summary>Finds where a path leads as the kernel does, link by link: what <c>..</c> means after a link, the path's text does not tell.</summary>
internal static class RealPath
{
    // The kernel's own bound.
    private const int MaxLinks = 40;

    /// <summary>A path without links; null when there is nothing.</summary>
    /// <param name="folder">Where a relative path begins; without links itself.</param>
    /// <param name="path">What is looked for.</param>
    /// <exception cref="IOException">It leads through too many links, in a circle that is.</exception>
    public static string? Of(string folder, string path)
    {
        var current = folder;
        var links = 0;
        var left = new Stack<string>();
        Push(path);
        while (left.TryPop(out var name))
        {
            if (!Directory.Exists(current))
            {
                return null;
            }

            // A slash at the end asks for a folder, as "." does.
            if (name is "" or ".")
            {
                continue;
            }

            var next = name == ".." ? Path.GetDirectoryName(current) ?? current : Path.Combine(current, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
            }
            else if (++links > MaxLinks)
            {
                throw new IOException($"{path} leads through more than {MaxLinks} links.");
            }
            else
            {
                Push(target);
            }
        }

        return Path.Exists(current) ? current : null;

        void Push(string text)
        {
            current = text.StartsWith('/') ? "/" : current;
            foreach (var name in text.Split('/').Reverse())
            {
                left.Push(name);
            }
        }
    }
}
