using System.Security.Cryptography;
using EcsDeploy.Names;

namespace EcsDeploy.Images;

/// <summary>Hashes and counts what passes through to the next stream.</summary>
internal sealed class DigestingStream(Stream next) : WriteOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>Of the bytes so far.</summary>
    public Digest Digest => Digest.FromHash(_hash.GetCurrentHash());

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hash.AppendData(buffer.Span);
        Count += buffer.Length;
        return next.WriteAsync(buffer, cancellationToken);
    }

    // Compressors of others write synchronously when they are closed.
    public override void Write(byte[] buffer, int offset, int count)
    {
        _hash.AppendData(buffer, offset, count);
        Count += count;
        next.Write(buffer, offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
