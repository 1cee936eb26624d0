namespace EcsDeploy.Registry;

/// <summary>A blob's bytes, opened ahead of the request that carries them; a request that is sent again gets them anew.</summary>
internal sealed class BlobBytes(BlobSource blob) : IAsyncDisposable
{
    private Stream? _ahead;

    public BlobSource Blob => blob;

    public async Task OpenAsync(CancellationToken token) => _ahead ??= await ReadingAsync(() => blob.OpenAsync(token));

    /// <summary>From the start; whoever takes them disposes them.</summary>
    public Task<Stream> TakeAsync(CancellationToken token) =>
        Interlocked.Exchange(ref _ahead, null) is { } ahead ? Task.FromResult(ahead) : ReadingAsync(() => blob.OpenAsync(token));

    /// <summary>What fails here is no matter of the network, and not to be tried again.</summary>
    public async Task<T> ReadingAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw RegistryException.Broken($"The bytes of {blob.Descriptor.Digest} cannot be read here: {fault.Message}");
        }
    }

    public ValueTask DisposeAsync() => _ahead?.DisposeAsync() ?? ValueTask.CompletedTask;
}
