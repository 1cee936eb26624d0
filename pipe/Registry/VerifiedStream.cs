using System.Security.Cryptography;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Registry;

/// <summary>A blob as it comes from a registry: hashed and counted on the way; its end is given only if digest and length are what was promised.</summary>
internal sealed class VerifiedStream(HttpResponseMessage response, Stream body, Descriptor promised, string host, TransferWatch watch) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await ReadBodyAsync(buffer, cancellationToken);
        watch.Moved();
        _length += count;
        if (_length > promised.Size)
        {
            throw RegistryException.BrokenContent($"{Name} is longer than the {promised.Size} bytes that its manifest says.");
        }

        _hash.AppendData(buffer.Span[..count]);
        if (count == 0 && buffer.Length > 0)
        {
            Check();
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
            watch.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private string Name => $"The blob {promised.Digest} from {host}";

    private async Task<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken token)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(watch.Token, token);
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException || (cut is OperationCanceledException && watch.HasStalled))
        {
            throw RegistryException.BrokenContent($"{Name} broke off after {_length} of {promised.Size} bytes.", transient: true);
        }
    }

    private void Check()
    {
        if (_length < promised.Size)
        {
            throw RegistryException.BrokenContent($"{Name} ended after {_length} of {promised.Size} bytes.", transient: true);
        }

        var digest = Digest.FromHash(_hash.GetCurrentHash());
        if (digest != promised.Digest)
        {
            throw RegistryException.BrokenContent($"{Name} is {digest} in truth: it was changed or damaged on the way.");
        }
    }
}
