using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Sandbox.Ecr;
using Sandbox.Worlds;

namespace Sandbox.Registry;

/// <summary>A blob on its way in: written to disk and hashed as it comes, so that its size never matters to memory.</summary>
internal sealed class Upload(string id, Repository repository, BlobStore blobs, DateTimeOffset expires) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _path = blobs.NewUploadPath();
    private SafeFileHandle? _file;

    public string Id => id;

    public required Caller Caller { get; init; }

    public Repository Repository => repository;

    public DateTimeOffset Expires => expires;

    /// <summary>One request at a time may add to an upload.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Bytes that are kept.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of the first part; null before it came.</summary>
    public long? FirstPart { get; private set; }

    /// <summary>Bytes of the smallest part that another part followed; null with fewer than two.</summary>
    public long? SmallestInnerPart { get; private set; }

    private long LastPart { get; set; }

    /// <summary>Takes a request's body to its end; what came before a broken connection is kept, as ECR keeps it.</summary>
    public async Task AppendAsync(Stream body, CancellationToken token)
    {
        var start = Length;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, token)) > 0)
            {
                Append(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            NotePart(Length - start);
        }
    }

    /// <summary>Ends the upload. True: its content is in the blob store now; false: it is empty or has another digest.</summary>
    public bool Finish(string expectedDigest)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(_hash.GetCurrentHash());
        _file?.Dispose();
        if (digest != expectedDigest || _file is null)
        {
            return false;
        }

        blobs.Keep(_path, digest);
        return true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        File.Delete(_path);
        _hash.Dispose();
        Turn.Dispose();
    }

    private void Append(ReadOnlySpan<byte> content)
    {
        _hash.AppendData(content);
        _file ??= File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(_file, content, Length);
        Length += content.Length;
    }

    private void NotePart(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        SmallestInnerPart = FirstPart is null ? null : Math.Min(SmallestInnerPart ?? LastPart, LastPart);
        FirstPart ??= bytes;
        LastPart = bytes;
    }
}
