using System.Security.Cryptography;
using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>A file of an archive that must be what its digest says: the last bytes are given only if it is.</summary>
internal sealed class CheckedStream(Stream file, Digest promised) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly long _length = file.Length;
    private long _read;

    public override long Length => _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..count]);
        _read += count;
        var ended = _read == _length || (count == 0 && buffer.Length > 0);
        if (ended && Digest.FromHash(_hash.GetCurrentHash()) is var digest && digest != promised)
        {
            throw new BuildException($"IMAGE_ARCHIVE: what lies in the archive as {promised} is {digest}: it was damaged or forged.");
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
