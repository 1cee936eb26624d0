using EcsDeploy.Images;
using EcsDeploy.Oci;

namespace EcsDeploy.Delivery;

/// <summary>What is unpacked from a part of an archive: it ends with a fault where the part is no image's but a bomb, or broken. The stream below stays its owner's.</summary>
internal sealed class UnpackedStream(Stream unpacked, string name, long packedLength) : ReadOnlyStream
{
    /// <summary>No image of programs shrinks to a hundredth; a bomb does, to a thousandth.</summary>
    private const int MostRatio = 100;

    private const long AlwaysAllowed = 256L * 1024 * 1024;

    private readonly long _limit = Math.Max(AlwaysAllowed, packedLength * MostRatio);
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await unpacked.ReadAsync(buffer, cancellationToken);
            _read += count;
            return _read <= _limit ? count
                : throw new BuildException($"IMAGE_ARCHIVE: {name} unpacks to more than {MostRatio} times its size, which no image does.");
        }
        catch (Exception broken) when (broken is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new BuildException($"IMAGE_ARCHIVE: {name} cannot be unpacked: {broken.Message}", broken);
        }
    }
}
