namespace EcsDeploy.Images;

/// <summary>Keeps what is written: in memory while it is small, in a file of its own when it is not.</summary>
/// <param name="folder">Where the file is made.</param>
/// <param name="create">Makes the file at a path.</param>
internal sealed class Spool(string folder, Func<string, FileStream> create) : WriteOnlyStream
{
    private const int MemoryLimit = 4 * 1024 * 1024;

    /// <summary>ENOSPC, as .NET hands it on from Linux.</summary>
    private const int NoSpace = 28;

    private readonly string _path = Path.Combine(folder, Path.GetRandomFileName());
    private readonly MemoryStream _memory = new();
    private FileStream? _file;

    // Without a buffer, which would be written once more when the file is closed: what fails, fails in the write.
    public Spool(string folder)
        : this(folder, path => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
    {
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_file is null && _memory.Length + buffer.Length <= MemoryLimit)
        {
            await _memory.WriteAsync(buffer, cancellationToken);
            return;
        }

        try
        {
            await Overflow().WriteAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (IsOfDisk(fault))
        {
            throw Unwritable(fault);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_file is null && _memory.Length + count <= MemoryLimit)
        {
            _memory.Write(buffer, offset, count);
            return;
        }

        try
        {
            Overflow().Write(buffer, offset, count);
        }
        catch (Exception fault) when (IsOfDisk(fault))
        {
            throw Unwritable(fault);
        }
    }

    /// <summary>All that was written, from the beginning.</summary>
    public Stream OpenRead()
    {
        if (_file is null)
        {
            return new MemoryStream(_memory.GetBuffer(), 0, (int)_memory.Length, writable: false);
        }

        return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _memory.Dispose();
            if (_file is not null)
            {
                _file.Dispose();
                File.Delete(_path);
            }
        }

        base.Dispose(disposing);
    }

    private FileStream Overflow()
    {
        if (_file is null)
        {
            _file = create(_path);
            _memory.WriteTo(_file);
            _memory.SetLength(0);
            _memory.Capacity = 0;
        }

        return _file;
    }

    private static bool IsOfDisk(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private BuildException Unwritable(Exception fault)
    {
        const string Large = "A layer is too large to be kept in memory, and";
        return new BuildException(
            fault.HResult == NoSpace
                ? $"{Large} the disk of the folder for temporary files, {folder}, is full: {fault.Message.TrimEnd('.')}. "
                    + "The clone, caches and what ran earlier in the step lie on it too: publish fewer or smaller files, or delete before the pipe what the step needs no more."
                : $"{Large} the folder for temporary files cannot be written to: {fault.Message}",
            fault);
    }
}
