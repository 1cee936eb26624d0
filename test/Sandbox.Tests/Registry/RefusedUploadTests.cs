using System.Net;
using System.Net.Sockets;
using System.Text;
using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

public class RefusedUploadTests
{
    [Fact]
    public async Task A_missing_repository_ends_the_connection_in_order()
    {
        // aws-ecr-orb#259, sdk-container-builds#279: Go clients print "EOF", .NET "The response ended prematurely."
        await using var host = await RegistryHost.StartAsync();

        Assert.Equal("", await RawAsync(host, $"POST /v2/nowhere/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {host.Password}\r\nContent-Length: 0\r\n\r\n"));
        await Assert.ThrowsAsync<HttpRequestException>(() => host.SendAsync(HttpMethod.Post, "/v2/nowhere/blobs/uploads/"));
    }

    [Fact]
    public async Task A_missing_repository_can_also_be_told()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Habits.ClosesConnectionWhenRepositoryIsMissing = false;

        using var answer = await host.SendAsync(HttpMethod.Post, "/v2/nowhere/blobs/uploads/");

        // ECR user guide, common errors.
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("NAME_UNKNOWN: The repository with name 'nowhere' does not exist in the registry with id '111111111111'", await answer.ErrorAsync());
    }

    [Fact]
    public async Task A_denied_upload_is_told_or_ends_the_connection()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Authorizer.Denied.Add("ecr:InitiateLayerUpload");

        using var told = await host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/");
        host.Ecr.Habits.ClosesConnectionWhenUploadIsDenied = true;

        // copilot-cli#3518; build-push-action#850.
        Assert.Equal(HttpStatusCode.Forbidden, told.StatusCode);
        Assert.StartsWith("DENIED: User: arn:aws:sts::111111111111:assumed-role/ecr-push/step is not authorized to perform: ecr:InitiateLayerUpload", await told.ErrorAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_broken_upload_brought_is_kept()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Habits.RangeStaysAtFirstChunk = false;
        using var begun = await host.SendAsync(HttpMethod.Post, "/v2/shop/blobs/uploads/");
        var location = begun.Headers.Location!.AbsolutePath;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
            var head = $"PATCH {location} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {host.Password}\r\nContent-Length: 100\r\n\r\nhalf";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            await UntilKeptAsync(host, location, "0-3");
        }

        // Waits for its turn, which comes when the server sees the end of the broken connection.
        var content = "half and the rest"u8.ToArray();
        using var rest = new ByteArrayContent(content);
        using var again = await host.SendAsync(HttpMethod.Put, $"{location}?digest={Digests.Of(content)}", rest);

        // apple/containerization#790: a retry that starts at byte 0 of the old session.
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, again.StatusCode);
        Assert.Equal("BLOB_UPLOAD_INVALID: First byte of the layer part is 0 instead of 4", await again.ErrorAsync());
    }

    [Fact]
    public async Task Mounting_is_off_until_the_account_turns_it_on()
    {
        // ECR user guide, blob mounting: put-account-setting --name BLOB_MOUNTING --value ENABLED.
        await using var host = await RegistryHost.StartAsync();
        var digest = Sown(host);

        using var off = await MountAsync(host, digest);
        await host.Ecr.CallAsync("PutAccountSetting", """{"name":"BLOB_MOUNTING","value":"ENABLED"}""");
        using var on = await MountAsync(host, digest);

        Assert.Equal(HttpStatusCode.Accepted, off.StatusCode);
        Assert.Equal(HttpStatusCode.Created, on.StatusCode);
        Assert.NotNull(host.Ecr.Registry.Get("other").FindLayer(digest));
    }

    [Theory]
    [InlineData("unreferenced")] // containers-roadmap#2860.
    [InlineData("denied")]
    [InlineData("encryption")]
    [InlineData("cache")]
    [InlineData("unknown")]
    public async Task A_mount_that_is_not_allowed_becomes_an_upload(string reason)
    {
        await using var host = await RegistryHost.StartAsync();
        var digest = Sown(host);
        host.Ecr.Registry.Settings[AccountRegistry.BlobMounting] = "ENABLED";
        switch (reason)
        {
            case "unreferenced":
                digest = await host.PushBlobAsync([1, 2, 3]);
                break;
            case "denied":
                host.Ecr.Authorizer.Denied.Add("ecr:GetDownloadUrlForLayer shop");
                break;
            case "encryption":
                host.Ecr.Shop.Change(settings => settings with { EncryptionType = "KMS", KmsKey = "k" });
                break;
            case "cache":
                host.Ecr.Shop.Change(settings => settings with { IsPullThroughCache = true });
                break;
            default:
                digest = Digests.Of([9]);
                break;
        }

        using var answer = await MountAsync(host, digest);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Null(host.Ecr.Registry.Get("other").FindLayer(digest));
    }

    private static string Sown(RegistryHost host)
    {
        host.Ecr.Registry.Create("other", new RepositorySettings());
        return host.Ecr.Shop.Find(new SampleImage().PutInto(host.Ecr.Shop))!.Document.Layers[0].Digest;
    }

    private static Task<HttpResponseMessage> MountAsync(RegistryHost host, string digest) =>
        host.SendAsync(HttpMethod.Post, $"/v2/other/blobs/uploads/?mount={digest}&from=shop");

    private static async Task UntilKeptAsync(RegistryHost host, string location, string range)
    {
        while (true)
        {
            using var state = await host.SendAsync(HttpMethod.Get, location);
            if (state.Headers.GetValues("Range").Single() == range)
            {
                return;
            }
        }
    }

    private static async Task<string> RawAsync(RegistryHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
