using System.Security.Cryptography;
using EcsDeploy.Images;
using EcsDeploy.Names;

namespace EcsDeploy.Delivery;

/// <summary>A file of an archive that must be what its digest says: the last bytes are given only if it is.</summary>
internal sealed class CheckedStream(Stream file, Digest promised) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _length = file.Length;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..count]);
        _read += count;
        if (count > 0 && _read == _length && Digest.FromHash(_hash.GetCurrentHash()) is var digest && digest != promised)
        {
            throw new BuildException($"IMAGE_ARCHIVE: what lies in the archive as {promised} is {digest}: it was damaged or forged.");
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Archives are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
