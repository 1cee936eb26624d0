using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace Sandbox.Tests.Registry;

[Collection(nameof(Alone))]
public class LargeLayerTests
{
    private const int Blocks = 256;
    private static readonly byte[] Block = new byte[1024 * 1024];

    [Fact]
    public async Task A_layer_of_256_MiB_passes_without_growing_the_memory()
    {
        await using var host = await RegistryHost.StartAsync();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < Blocks; i++)
        {
            hash.AppendData(Block);
        }

        using var begun = await host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using var body = new BlocksContent();
        using var done = await host.SendAsync(HttpMethod.Put, $"{begun.Headers.Location!.AbsolutePath}?digest=sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}", body);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(HttpStatusCode.Created, done.StatusCode);

        // Client and server run in this process.
        Assert.InRange(allocated, 0, 100L * 1024 * 1024);
    }

    [Fact(Timeout = 60_000)]
    public async Task Broken_requests_get_answers_and_never_a_server_error()
    {
        await using var host = await RegistryHost.StartAsync();
        var random = new Random(20261123);
        string[] methods = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
        string[] parts = ["shop", "blobs", "uploads", "manifests", "tags", "list", "referrers", "", "..", "SHOP", "%00", "%2F", "sha256:", "sha256:" + new string('a', 64), "v1", "é", new string('x', 300), "_catalog"];
        string[] queries = ["", "?digest=", "?digest=sha256:zz", "?n=-1", "?n=abc", "?mount=x&from=y", "?digest=sha256:" + new string('b', 64)];
        for (var i = 0; i < 3000; i++)
        {
            var path = "/v2/" + string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => parts[random.Next(parts.Length)])) + queries[random.Next(queries.Length)];
            var status = await StatusAsync(host, HttpMethod.Parse(methods[random.Next(methods.Length)]), path, random.Next(3) * 10, random.Next(3) == 0 ? "9-1" : "0-9");
            Assert.True(status < 500, $"{path}: {status}");
        }
    }

    /// <summary>0 for a connection that was closed, which is ECR's answer on a missing repository.</summary>
    private static async Task<int> StatusAsync(RegistryHost host, HttpMethod method, string path, int length, string range)
    {
        using var body = new ByteArrayContent(new byte[length]);
        body.Headers.TryAddWithoutValidation("Content-Range", range);
        try
        {
            using var answer = await host.SendAsync(method, path, body);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>256 MiB without an array of that size.</summary>
    private sealed class BlocksContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < Blocks; i++)
            {
                await stream.WriteAsync(Block);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = (long)Blocks * Block.Length;
            return true;
        }
    }
}

/// <summary>Tests that measure the process: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
