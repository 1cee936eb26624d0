namespace Sandbox.Faults;

/// <summary>An answer's body in whose first block something happens: half of it goes out, then that, then the rest.</summary>
internal sealed class HalfwayStream(Stream inner, Func<Task> middle) : Stream
{
    private bool _passed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var half = _passed ? 0 : buffer.Length / 2;
        if (!_passed)
        {
            _passed = true;
            await inner.WriteAsync(buffer[..half], cancellationToken);
            await inner.FlushAsync(cancellationToken);
            await middle();
        }

        await inner.WriteAsync(buffer[half..], cancellationToken);
    }
}
