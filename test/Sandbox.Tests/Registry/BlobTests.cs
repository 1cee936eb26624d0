using System.Net;
using System.Net.Http.Headers;
using Sandbox.Ecr;
using Sandbox.Tests.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

public class BlobTests
{
    [Fact]
    public async Task A_layer_is_read_from_a_signed_address_on_another_host_without_the_header()
    {
        await using var host = await RegistryHost.StartAsync();
        var layer = Layer(host);

        using var redirect = await host.SendAsync(HttpMethod.Get, $"/v2/shop/blobs/{layer.Digest}");
        var link = redirect.Headers.Location!;
        using var with = await host.SendAsync(HttpMethod.Get, link.AbsoluteUri);
        using var without = await host.SendAsync(HttpMethod.Get, link.AbsoluteUri, null, request => request.Headers.Authorization = null);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.NotEqual(host.Address.Host, link.Host);

        // S3: one way of authentication only.
        Assert.Equal(HttpStatusCode.BadRequest, with.StatusCode);
        Assert.Contains("<Code>InvalidArgument</Code>", await with.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, without.StatusCode);
        Assert.Equal(layer.Digest, Digests.Of(await without.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_link_is_good_for_an_hour_and_for_its_layer()
    {
        await using var host = await RegistryHost.StartAsync();
        var link = host.Ecr.Parts.Links.Make(Layer(host).Digest, host.Address).AbsoluteUri;

        using var range = await GetAsync(host, link, request => request.Headers.Range = new RangeHeaderValue(1, 2));
        using var forged = await GetAsync(host, link.Replace("Signature=", "Signature=0", StringComparison.Ordinal));
        host.Ecr.Clock.Now += TimeSpan.FromHours(1.1);
        using var late = await GetAsync(host, link);

        Assert.Equal(HttpStatusCode.PartialContent, range.StatusCode);
        Assert.Contains("SignatureDoesNotMatch", await forged.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task A_layer_that_no_image_names_is_there_but_cannot_be_read()
    {
        // API LayerInaccessibleException, BatchCheckLayerAvailability.
        await using var host = await RegistryHost.StartAsync();
        var digest = await host.PushBlobAsync([1, 2]);

        using var head = await host.SendAsync(HttpMethod.Head, $"/v2/shop/blobs/{digest}");
        using var get = await host.SendAsync(HttpMethod.Get, $"/v2/shop/blobs/{digest}");
        using var unknown = await host.SendAsync(HttpMethod.Head, $"/v2/shop/blobs/{Digests.Of([9])}");

        Assert.Equal(2, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v2/shop/manifests/v1", "ecr:BatchGetImage")]
    [InlineData("HEAD", "/v2/shop/manifests/v1", "ecr:BatchGetImage")]
    [InlineData("PUT", "/v2/shop/manifests/v1", "ecr:PutImage")]
    [InlineData("GET", "/v2/shop/blobs/{layer}", "ecr:GetDownloadUrlForLayer")]
    [InlineData("POST", "/v2/shop/blobs/uploads/", "ecr:InitiateLayerUpload")]
    [InlineData("PATCH", "/v2/shop/blobs/uploads/x", "ecr:UploadLayerPart")]
    [InlineData("PUT", "/v2/shop/blobs/uploads/x", "ecr:CompleteLayerUpload")]
    [InlineData("GET", "/v2/shop/tags/list", "ecr:ListImages")]
    [InlineData("GET", "/v2/shop/referrers/{layer}", "ecr:BatchGetImage")]
    public async Task Every_request_needs_its_own_permission(string method, string path, string action)
    {
        // reference authorization.md §1.3; the body is what copilot-cli#3518 saw.
        await using var host = await RegistryHost.StartAsync();
        path = path.Replace("{layer}", Layer(host).Digest, StringComparison.Ordinal);

        using var allowed = await host.SendAsync(HttpMethod.Parse(method), path);
        host.Ecr.Authorizer.Denied.Add(action);
        using var denied = await host.SendAsync(HttpMethod.Parse(method), path);

        Assert.NotEqual(HttpStatusCode.Forbidden, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        if (method != "HEAD")
        {
            Assert.Equal(
                $"DENIED: User: arn:aws:sts::111111111111:assumed-role/ecr-push/step is not authorized to perform: {action} on resource: arn:aws:ecr:eu-west-1:111111111111:repository/shop because no identity-based policy allows the {action} action",
                await denied.ErrorAsync());
        }
    }

    [Fact]
    public async Task Asking_for_a_blob_needs_one_of_two_permissions()
    {
        await using var host = await RegistryHost.StartAsync();
        var path = $"/v2/shop/blobs/{Layer(host).Digest}";

        host.Ecr.Authorizer.Denied.Add("ecr:GetDownloadUrlForLayer");
        using var pusher = await host.SendAsync(HttpMethod.Head, path);
        host.Ecr.Authorizer.Denied.Add("ecr:BatchCheckLayerAvailability");
        using var nobody = await host.SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, pusher.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    [Fact]
    public async Task Tags_come_in_pages_of_at_most_a_thousand()
    {
        await using var host = await RegistryHost.StartAsync();
        foreach (var tag in (string[])["a", "b", "c"])
        {
            new SampleImage().PutInto(host.Ecr.Shop, tag);
        }

        using var first = await host.SendAsync(HttpMethod.Get, "/v2/shop/tags/list?n=2");
        using var tooMany = await host.SendAsync(HttpMethod.Get, "/v2/shop/tags/list?n=1001");
        using var rest = await host.SendAsync(HttpMethod.Get, "/v2/shop/tags/list?n=2&last=b");

        Assert.Equal("""{"name":"shop","tags":["a","b"]}""", await first.TextAsync());
        Assert.Equal("</v2/shop/tags/list?last=b&n=2>; rel=\"next\"", Assert.Single(first.Headers.GetValues("Link")));
        Assert.Equal("""{"name":"shop","tags":["c"]}""", await rest.TextAsync());

        // go-containerregistry#681.
        Assert.Equal("UNSUPPORTED: Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must have value less than or equal to 1000'", await tooMany.ErrorAsync());
    }

    [Fact]
    public async Task Referrers_are_listed_where_the_registry_knows_them()
    {
        await using var host = await RegistryHost.StartAsync();
        var subject = new SampleImage().PutInto(host.Ecr.Shop, "v1");
        var artifact = PagingTests.Refer(host.Ecr.Shop, subject, "application/vnd.example.sbom");
        var path = $"/v2/shop/referrers/{subject}";

        using var known = await host.SendAsync(HttpMethod.Get, path);
        using var others = await host.SendAsync(HttpMethod.Get, $"{path}?artifactType=other");
        host.Ecr.Habits.KnowsReferrers = false;
        using var unknown = await host.SendAsync(HttpMethod.Get, path);

        Assert.Contains($"\"digest\":\"{artifact}\"", await known.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("\"manifests\":[]", await others.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(["artifactType"], others.Headers.GetValues("OCI-Filters-Applied"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, unknown.StatusCode);
    }

    private static BlobReference Layer(RegistryHost host) => host.Ecr.Shop.Find(new SampleImage().PutInto(host.Ecr.Shop, "v1"))!.Document.Layers[0];

    private static Task<HttpResponseMessage> GetAsync(RegistryHost host, string link, Action<HttpRequestMessage>? change = null) =>
        host.SendAsync(HttpMethod.Get, link, null, request =>
        {
            request.Headers.Authorization = null;
            change?.Invoke(request);
        });
}
