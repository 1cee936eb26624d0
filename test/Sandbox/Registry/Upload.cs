using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Sandbox.Ecr;

namespace Sandbox.Registry;

/// <summary>A blob on its way in: written to disk and hashed as it comes, so that its size never matters to memory.</summary>
internal sealed class Upload(string id, Repository repository, BlobStore blobs, DateTimeOffset expires) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly string _path = blobs.NewUploadPath();
    private FileStream? _file;

    public string Id => id;

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
    public async Task AppendAsync(PipeReader body, CancellationToken token)
    {
        var start = Length;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(token);
                Append(read.Buffer);
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            NotePart(Length - start);
        }
    }

    /// <summary>Ends the upload: its content is in the blob store under the digest that is returned, or nowhere when that is not the digest expected.</summary>
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

    private void Append(ReadOnlySequence<byte> content)
    {
        if (content.IsEmpty)
        {
            return;
        }

        var segments = new List<ReadOnlyMemory<byte>>();
        foreach (var segment in content)
        {
            _hash.AppendData(segment.Span);
            segments.Add(segment);
        }

        // One gathered write for all the small segments of the connection's buffer.
        _file ??= new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        RandomAccess.Write(_file.SafeFileHandle, segments, Length);
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
