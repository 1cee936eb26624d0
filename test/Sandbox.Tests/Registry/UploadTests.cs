using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

public class UploadTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("a layer");

    [Fact]
    public async Task A_blob_goes_in_by_POST_and_PUT()
    {
        await using var host = await RegistryHost.StartAsync();

        var digest = await host.PushBlobAsync(Content);

        Assert.Equal(Content.Length, host.Ecr.Shop.FindLayer(digest)!.Size);
        Assert.Equal(Content, await File.ReadAllBytesAsync(host.Ecr.Parts.Registries.Blobs.PathOf(digest), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_blob_goes_in_by_a_single_POST()
    {
        await using var host = await RegistryHost.StartAsync();

        using var body = new ByteArrayContent(Content);
        using var answer = await host.SendAsync(HttpMethod.Post, $"/v2/shop/blobs/uploads/?digest={Digests.Of(Content)}", body);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"/v2/shop/blobs/{Digests.Of(Content)}", answer.Headers.Location!.AbsolutePath);
        Assert.NotNull(host.Ecr.Shop.FindLayer(Digests.Of(Content)));
    }

    [Theory]
    [InlineData(201)] // ECR, as the .NET SDK's client notes (sdk-container-builds#279).
    [InlineData(202)] // The distribution spec.
    public async Task PATCH_answers_201_unless_told_otherwise(int status)
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Habits.PatchStatus = status;
        var location = await BeginAsync(host);

        using var patched = await PatchAsync(host, location, Content, null);
        using var done = await host.SendAsync(HttpMethod.Put, $"{location}?digest={Digests.Of(Content)}");

        Assert.Equal(status, (int)patched.StatusCode);
        Assert.Equal("0-6", Assert.Single(patched.Headers.GetValues("Range")));
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
    }

    [Theory]
    [InlineData(true, "0-5242879")]
    [InlineData(false, "0-10485759")]
    public async Task The_range_of_later_chunks_stands_still_although_all_are_kept(bool still, string range)
    {
        // containers-roadmap#2831.
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Habits.RangeStaysAtFirstChunk = still;
        var content = new byte[11 * 1024 * 1024];
        Random.Shared.NextBytes(content);
        const int part = 5 * 1024 * 1024;
        var location = await BeginAsync(host);

        using var first = await PatchAsync(host, location, content[..part], $"0-{part - 1}");
        using var second = await PatchAsync(host, location, content[part..(2 * part)], $"{part}-{(2 * part) - 1}");
        using var again = await PatchAsync(host, location, content[part..(2 * part)], $"{part}-{(2 * part) - 1}");
        using var last = new ByteArrayContent(content[(2 * part)..]);
        last.Headers.ContentRange = new ContentRangeHeaderValue(2 * part, content.Length - 1);
        using var done = await host.SendAsync(HttpMethod.Put, $"{location}?digest={Digests.Of(content)}", last);

        Assert.Equal(range, Assert.Single(second.Headers.GetValues("Range")));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, again.StatusCode);
        Assert.Equal($"BLOB_UPLOAD_INVALID: First byte of the layer part is {part} instead of {2 * part}", await again.ErrorAsync());
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
    }

    [Fact]
    public async Task A_part_that_another_follows_must_have_5_MiB()
    {
        // API LayerPartTooSmallException.
        await using var host = await RegistryHost.StartAsync();
        var location = await BeginAsync(host);

        using var first = await PatchAsync(host, location, Content[..3], "0-2");
        using var second = await PatchAsync(host, location, Content[3..], "3-6");
        using var done = await host.SendAsync(HttpMethod.Put, $"{location}?digest={Digests.Of(Content)}");

        Assert.Equal(HttpStatusCode.BadRequest, done.StatusCode);
        Assert.StartsWith("BLOB_UPLOAD_INVALID", await done.ErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_is_not_begun_again_at_byte_0()
    {
        // apple/containerization#790: what a broken request brought is kept.
        await using var host = await RegistryHost.StartAsync();
        var location = await BeginAsync(host);
        using var first = await PatchAsync(host, location, Content[..5], null);

        using var again = new ByteArrayContent(Content);
        using var answer = await host.SendAsync(HttpMethod.Put, $"{location}?digest={Digests.Of(Content)}", again);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal("BLOB_UPLOAD_INVALID: First byte of the layer part is 0 instead of 5", await answer.ErrorAsync());
    }

    [Fact]
    public async Task Content_must_have_its_digest()
    {
        await using var host = await RegistryHost.StartAsync();
        var (wrong, location) = (Digests.Of([1, 2, 3]), await BeginAsync(host));

        using var body = new ByteArrayContent(Content);
        using var answer = await host.SendAsync(HttpMethod.Put, $"{location}?digest={wrong}", body);
        using var later = await host.SendAsync(HttpMethod.Get, location);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("DIGEST_INVALID", await answer.ErrorAsync(), StringComparison.Ordinal);
        Assert.Null(host.Ecr.Shop.FindLayer(wrong));
        Assert.StartsWith("BLOB_UPLOAD_UNKNOWN", await later.ErrorAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_upload_is_no_layer()
    {
        // API EmptyUploadException.
        await using var host = await RegistryHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Put, $"{await BeginAsync(host)}?digest={Digests.Of([])}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_upload_belongs_to_its_repository_and_ends_with_its_time()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Registry.Create("other", new RepositorySettings());
        var location = await BeginAsync(host);

        using var elsewhere = await host.SendAsync(HttpMethod.Get, location.Replace("/shop/", "/other/", StringComparison.Ordinal));
        using var before = await host.SendAsync(HttpMethod.Get, location);
        host.Ecr.Clock.Now += host.Ecr.Habits.UploadLifetime;
        host.Password = host.Ecr.Parts.Tokens.Issue(Ecr.EcrFixture.Pusher, Ecr.EcrFixture.Region).Encoded;
        using var after = await host.SendAsync(HttpMethod.Get, location);

        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Theory]
    [InlineData(LocationForm.Relative, "/v2/shop/blobs/uploads/")]
    [InlineData(LocationForm.Absolute, "http://127.0.0.1:")]
    [InlineData(LocationForm.AbsoluteWithQuery, "http://127.0.0.1:")]
    [InlineData(LocationForm.OtherHost, "http://uploads.example/v2/shop/blobs/uploads/")]
    public async Task The_location_of_an_upload_takes_every_form(LocationForm form, string start)
    {
        await using var host = await RegistryHost.StartAsync();
        (host.Ecr.Habits.UploadLocation, host.Ecr.Habits.UploadHost) = (form, new Uri("http://uploads.example"));

        using var answer = await host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/");

        var location = answer.Headers.Location!.OriginalString;
        Assert.StartsWith(start, location, StringComparison.Ordinal);
        Assert.Equal(form == LocationForm.AbsoluteWithQuery, location.Contains('?', StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_upload_that_goes_on_at_another_host_is_let_in_by_its_address_and_by_nothing_else()
    {
        await using var host = await RegistryHost.StartAsync();
        (host.Ecr.Habits.UploadLocation, host.Ecr.Habits.UploadHost) = (LocationForm.OtherHost, new Uri("http://uploads.example"));
        var content = new byte[] { 1, 2, 3 };
        var location = $"{await BeginAsync(host)}?digest={Digests.Of(content)}";

        using var body = new ByteArrayContent(content);
        using var shown = await host.SendAsync(HttpMethod.Put, location, body, request => request.Headers.Host = "uploads.example");
        using var again = new ByteArrayContent(content);
        using var guessed = await host.SendAsync(HttpMethod.Put, location.Replace("uploads/", "uploads/0", StringComparison.Ordinal), again, Bare);
        using var right = new ByteArrayContent(content);
        using var done = await host.SendAsync(HttpMethod.Put, location, right, Bare);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Created], [shown.StatusCode, guessed.StatusCode, done.StatusCode]);

        static void Bare(HttpRequestMessage request) => (request.Headers.Host, request.Headers.Authorization) = ("uploads.example", null);
    }

    private static async Task<string> BeginAsync(RegistryHost host)
    {
        using var begun = await host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/");
        return begun.Headers.Location!.AbsolutePath;
    }

    private static async Task<HttpResponseMessage> PatchAsync(RegistryHost host, string location, byte[] content, string? range)
    {
        using var body = new ByteArrayContent(content);
        if (range is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Range", range);
        }

        return await host.SendAsync(HttpMethod.Patch, location, body);
    }
}
