namespace EcsDeploy.Images;

/// <summary>Keeps what is written: in memory while it is small, in a file of its own when it is not.</summary>
internal sealed class Spool(string folder) : WriteOnlyStream
{
    private const int MemoryLimit = 4 * 1024 * 1024;

    private readonly string _path = Path.Combine(folder, Path.GetRandomFileName());
    private readonly MemoryStream _memory = new();
    private FileStream? _file;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_file is null && _memory.Length + buffer.Length <= MemoryLimit)
        {
            await _memory.WriteAsync(buffer, cancellationToken);
            return;
        }

        await Overflow().WriteAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_file is null && _memory.Length + count <= MemoryLimit)
        {
            _memory.Write(buffer, offset, count);
            return;
        }

        Overflow().Write(buffer, offset, count);
    }

    /// <summary>All that was written, from the beginning.</summary>
    public Stream OpenRead()
    {
        if (_file is null)
        {
            return new MemoryStream(_memory.GetBuffer(), 0, (int)_memory.Length, writable: false);
        }

        _file.Flush();
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
            try
            {
                _file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                _memory.WriteTo(_file);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new BuildException($"A layer is too large to be kept in memory, and the folder for temporary files cannot be written to: {fault.Message}", fault);
            }

            _memory.SetLength(0);
            _memory.Capacity = 0;
        }

        return _file;
    }
}
