using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>A part of a file, read as if it were all.</summary>
internal sealed class FileSection : ReadOnlyStream
{
    private readonly FileStream _file;
    private long _left;

    public FileSection(string path, long offset, long length)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0) { Position = offset };
        _left = Length = length;
    }

    public override long Length { get; }

    public override long Position { get => Length - _left; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _file.Read(buffer, offset, (int)Math.Min(count, _left));
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }
}
