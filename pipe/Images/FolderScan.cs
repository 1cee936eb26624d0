using System.Formats.Tar;

namespace EcsDeploy.Images;

/// <summary>Lists what a published folder holds, and refuses what cannot stand in an image.</summary>
internal static class FolderScan
{
    // So a layer names what it deletes of the layers below (OCI image specification, "Whiteouts").
    private const string Whiteout = ".wh.";

    public static IReadOnlyList<PublishedFile> Of(string folder)
    {
        // Its links are looked for inside what it leads to, whatever name it was given by.
        var full = Path.GetFullPath(folder);
        var root = RealPath.Of("/", full) ?? full;
        var files = new List<PublishedFile>();
        Add(files, new DirectoryInfo(root), root);
        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files;
    }

    private static void Add(List<PublishedFile> files, DirectoryInfo folder, string root)
    {
        var empty = true;
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            empty = false;
            var path = Path.GetRelativePath(root, entry.FullName);
            CheckName(path, entry.Name);
            if (entry.LinkTarget is { } target)
            {
                files.Add(new PublishedFile(path, entry.FullName) { LinkTarget = LinkInside(entry, path, target, root) });
            }
            else if (entry is DirectoryInfo child)
            {
                Add(files, child, root);
            }
            else if (IsSpecial((FileInfo)entry))
            {
                throw new BuildException($"The published folder holds {path}, which is no file but a pipe, a socket or a device. An image cannot hold it: remove it.");
            }
            else
            {
                files.Add(new PublishedFile(path, entry.FullName));
            }
        }

        if (empty && folder.FullName != root)
        {
            files.Add(new PublishedFile(Path.GetRelativePath(root, folder.FullName) + "/", folder.FullName) { IsFolder = true });
        }
    }

    private static void CheckName(string path, string name)
    {
        if (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new BuildException($"The published folder holds a name that is not UTF-8: {path}. Rename it; an image could not hold it for every runtime.");
        }

        if (name.StartsWith(Whiteout, StringComparison.Ordinal))
        {
            throw new BuildException($"The published folder holds {path}. In an image a name that begins with {Whiteout} deletes what has the rest as its name: rename it, or leave it out of what is published.");
        }
    }

    /// <summary>
    /// What would hang whoever opens it, or never ends. Only .NET's tar writer tells the kinds apart without opening them; those that are no files have no
    /// length, so that few are asked about.
    /// </summary>
    public static bool IsSpecial(FileInfo file)
    {
        if (file.Length > 0)
        {
            return false;
        }

        try
        {
            using var header = new MemoryStream();
            using (var tar = new TarWriter(header, TarEntryFormat.Gnu, leaveOpen: true))
            {
                tar.WriteEntry(file.FullName, "x");
            }

            header.Position = 0;
            using var reader = new TarReader(header);
            return reader.GetNextEntry()?.EntryType is not TarEntryType.RegularFile;
        }
        catch (IOException)
        {
            // A socket has no place in a tar at all.
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            // A file, then, that may not be read: told where it is read.
            return false;
        }
    }

    // A link that stays inside is kept as a link, relative and to where it leads in the end, so that it points right wherever the app lies in the image.
    private static string LinkInside(FileSystemInfo link, string path, string target, string root)
    {
        var parent = Path.GetDirectoryName(link.FullName)!;
        string? real;
        try
        {
            real = RealPath.Of(parent, target);
        }
        catch (IOException error)
        {
            throw new BuildException($"The published folder's symbolic link {path} leads in a circle.", error);
        }

        if (real is null)
        {
            throw new BuildException($"The published folder's symbolic link {path} leads to nothing ({target}).");
        }

        if (!IsInside(real, root))
        {
            throw new BuildException($"The published folder's symbolic link {path} leads out of the folder ({target}). Publish the file itself: what lies outside is not there in the image.");
        }

        return Path.GetRelativePath(parent, real);
    }

    private static bool IsInside(string path, string root) => path == root || path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);
}
