using EcsDeploy.Names;
using EcsDeploy.Registry;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Sessions, locations and mounts.</summary>
public sealed class UploadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(number => (byte)(number * 7))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string DigestText => Digest.Of(Content).Text;

    [Fact]
    public async Task A_blob_takes_one_POST_and_one_PUT_of_known_length()
    {
        await using var bench = await RegistryBench.StartAsync();
        long? length = null;
        bench.Registry.Script = context =>
        {
            length = context.Request.Method == "PUT" ? context.Request.ContentLength : length;
            return Task.FromResult(false);
        };

        var outcome = await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(BlobOutcome.Sent, outcome);
        Assert.Equal(["POST /v2/shop/blobs/uploads/", "PUT /v2/shop/blobs/uploads/1"], bench.Registry.Lines);
        Assert.Equal(Content.Length, length);
        Assert.Equal(Content, bench.Registry.Blobs[DigestText]);
    }

    [Theory]
    [InlineData(404, "BLOB_UPLOAD_UNKNOWN")]
    [InlineData(416, "BLOB_UPLOAD_INVALID")]
    public async Task A_session_that_the_registry_lost_is_begun_anew(int status, string code)
    {
        await using var bench = await RegistryBench.StartAsync();
        var puts = 0;
        bench.Registry.Script = async context =>
        {
            if (context.Request.Method != "PUT" || puts++ > 0)
            {
                return false;
            }

            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            await ScriptedRegistry.AnswerAsync(context, status, $$"""{"errors":[{"code":"{{code}}","message":"blob upload unknown"}]}""");
            return true;
        };

        Assert.Equal(BlobOutcome.Sent, await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));
        Assert.Equal(2, bench.Registry.Lines.Count(line => line.StartsWith("POST", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mount_that_is_cut_is_not_asked_for_again()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = context =>
        {
            var cut = context.Request.Query.ContainsKey("mount");
            if (cut)
            {
                context.Abort();
            }

            return Task.FromResult(cut);
        };

        Assert.Equal(BlobOutcome.Sent, await bench.Client().PushBlobAsync(RegistryBench.Blob(Content) with { MountFrom = "other" }, Token));
        Assert.Empty(bench.Pauses.Pauses);
    }

    [Fact]
    public async Task Bytes_that_cannot_be_read_here_are_no_matter_of_the_network()
    {
        await using var bench = await RegistryBench.StartAsync();
        var opened = 0;
        var blob = new BlobSource(RegistryBench.DescriptorOf(Content), _ =>
        {
            opened++;
            return Task.FromException<Stream>(new IOException("No space left on device"));
        });

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(blob, Token));

        Assert.Contains("cannot be read here: No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_named_and_costs_no_session()
    {
        await using var bench = await RegistryBench.StartAsync();
        var silence = RegistryException.Stalled(HttpMethod.Get, new Uri("https://bases.example/v2/a/blobs/b"), TransferWatch.Limit, new TimeoutException());
        var blob = new BlobSource(RegistryBench.DescriptorOf(Content), _ => Task.FromException<Stream>(silence));

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(blob, Token));

        Assert.Equal(("bases.example", 4), (failure.Host, bench.Pauses.Pauses.Count));
        Assert.All(bench.Registry.Requests, request => Assert.Equal("HEAD", request.Method));
    }

    [Theory]
    [InlineData("{path}", "")]
    [InlineData("http://{host}{path}", "")]
    [InlineData("{path}?_state=a%2Fb%3D", "?_state=a%2Fb%3D&")]
    [InlineData("http://{host}{path}?x=1&y=2", "?x=1&y=2&")]
    public async Task The_upload_goes_on_wherever_the_location_says(string location, string query)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Location = path => location.Replace("{path}", path).Replace("{host}", bench.Registry.Host);

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        var put = bench.Registry.Requests.Single(request => request.Method == "PUT");
        Assert.StartsWith(query, put.Query, StringComparison.Ordinal);
        Assert.Equal(Content, bench.Registry.Blobs[DigestText]);
    }

    [Fact]
    public async Task A_mount_that_is_taken_sends_nothing()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            await ScriptedRegistry.AnswerAsync(context, 201);
            return true;
        };

        var blob = new BlobSource(RegistryBench.DescriptorOf(Content), _ => throw new InvalidOperationException("Its bytes are not needed.")) { MountFrom = "dotnet/aspnet" };
        var outcome = await bench.Client().PushBlobAsync(blob, Token);

        Assert.Equal(BlobOutcome.Mounted, outcome);
        var post = Assert.Single(bench.Registry.Requests);
        Assert.Equal($"?mount={Uri.EscapeDataString(DigestText)}&from=dotnet%2Faspnet", post.Query);
    }

    [Fact]
    public async Task A_mount_that_is_answered_202_goes_on_in_that_session()
    {
        await using var bench = await RegistryBench.StartAsync();

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content) with { MountFrom = "base" }, Token);

        Assert.Equal(["POST /v2/shop/blobs/uploads/", "PUT /v2/shop/blobs/uploads/1"], bench.Registry.Lines);
    }

    [Fact]
    public async Task A_mount_that_is_refused_becomes_an_upload()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            var mount = context.Request.Query.ContainsKey("mount");
            await (mount ? ScriptedRegistry.AnswerAsync(context, 405) : Task.CompletedTask);
            return mount;
        };

        var outcome = await bench.Client().PushBlobAsync(RegistryBench.Blob(Content) with { MountFrom = "base" }, Token);

        Assert.Equal(BlobOutcome.Sent, outcome);
    }
}
