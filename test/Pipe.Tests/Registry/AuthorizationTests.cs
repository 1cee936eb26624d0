using System.Net.Http.Headers;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Microsoft.AspNetCore.Http;
using Sandbox.Time;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Who is shown the credentials, when, and who never is.</summary>
public sealed class AuthorizationTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 50_000).Select(number => (byte)number)];

    private static readonly RegistryLogin Login = new("AWS", new Secret("first"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_known_login_goes_with_the_first_request()
    {
        await using var bench = await RegistryBench.StartAsync();
        var authorization = new BasicAuthorization(_ => Task.FromResult(Login));

        await bench.Client(authorization).WarmUpAsync(Token);

        Assert.Equal("Basic QVdTOmZpcnN0", Assert.Single(bench.Registry.Requests).Authorization);
    }

    [Fact]
    public async Task A_login_may_take_longer_than_a_transfer_may_stand_still()
    {
        using var clock = new VirtualClock();
        await using var bench = await RegistryBench.StartAsync(clock);
        var authorization = new BasicAuthorization(async token =>
        {
            await Task.Delay(2 * TransferWatch.Limit, clock, token);
            return Login;
        });

        using (clock.Enter())
        {
            var missing = await Assert.ThrowsAsync<RegistryException>(() => bench.Client(authorization).OpenBlobAsync(RegistryBench.DescriptorOf(Content), Token));
            Assert.Contains("was answered 404", missing.Message, StringComparison.Ordinal);
        }

        Assert.Single(bench.Registry.Requests);
    }

    [Fact]
    public async Task Where_a_redirect_led_nobody_can_ask_for_the_login()
    {
        await using var bench = await RegistryBench.StartAsync();
        await using var storage = await ScriptedRegistry.StartAsync();
        await using var thief = await ScriptedRegistry.StartAsync();
        bench.Registry.Script = context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (307, $"http://{storage.Host}/bucket/key");
            return Task.FromResult(true);
        };
        storage.Script = async context =>
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{thief.Host}/token\"";
            await ScriptedRegistry.AnswerAsync(context, 401);
            return true;
        };

        await Assert.ThrowsAsync<RegistryException>(() => bench.Client(new RegistryLogin("me", new Secret("secret"))).OpenBlobAsync(RegistryBench.DescriptorOf(Content), Token));

        Assert.Empty(thief.Requests);
    }

    [Fact]
    public async Task A_renewal_that_failed_for_one_is_tried_anew_by_the_next()
    {
        var header = new SharedHeader();
        AuthenticationHeaderValue old = new("Bearer", "old"), fresh = new("Bearer", "new");
        await header.RenewAsync(null, () => Task.FromResult<AuthenticationHeaderValue?>(old));

        await Assert.ThrowsAsync<IOException>(() => header.RenewAsync(old, () => Task.FromException<AuthenticationHeaderValue?>(new IOException("503"))));
        var renewed = await header.RenewAsync(old, () => Task.FromResult<AuthenticationHeaderValue?>(fresh));

        Assert.True(renewed);
        Assert.Equal(fresh, await header.CurrentAsync());
    }

    [Theory]
    [InlineData(401, "")]
    // ECR says it with a 403 (aws-cli#6580).
    [InlineData(403, """{"errors":[{"code":"DENIED","message":"Your authorization token has expired. Reauthenticate and try again."}]}""")]
    public async Task A_token_that_runs_out_in_the_middle_is_renewed_once_for_all(int status, string body)
    {
        await using var bench = await RegistryBench.StartAsync();
        var fetched = 0;
        var authorization = new BasicAuthorization(_ => Task.FromResult(Login with { Password = new Secret(Interlocked.Increment(ref fetched) == 1 ? "old" : "new") }));
        var old = BasicAuthorization.For(Login with { Password = new Secret("old") }).ToString();
        bench.Registry.Script = async context =>
        {
            var expired = context.Request.Method == "PUT" && context.Request.Headers.Authorization == old;
            if (expired)
            {
                await context.Request.Body.CopyToAsync(Stream.Null, Token);
                await ScriptedRegistry.AnswerAsync(context, status, body);
            }

            return expired;
        };
        var client = bench.Client(authorization);

        await Task.WhenAll(Enumerable.Range(1, 4).Select(number => client.PushBlobAsync(RegistryBench.Blob([(byte)number, .. Content]), Token)));

        Assert.Equal(2, fetched);
        Assert.Equal(4, bench.Registry.Blobs.Count);
    }

    [Fact]
    public async Task A_login_that_is_refused_again_is_a_refusal()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            await ScriptedRegistry.AnswerAsync(context, 401, "Not Authorized");
            return true;
        };
        var authorization = new BasicAuthorization(_ => Task.FromResult(Login));

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client(authorization).WarmUpAsync(Token));

        Assert.EndsWith("was answered 401: Not Authorized.", failure.Message, StringComparison.Ordinal);
        Assert.Single(bench.Registry.Requests);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "Basic QVdTOmZpcnN0")]
    public async Task A_bearer_token_is_fetched_from_the_realm_that_the_registry_names(bool withLogin, string shownToRealm)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = BearerDance(bench.Registry.Host);

        await bench.Client(withLogin ? Login : null).WarmUpAsync(Token);

        Assert.Equal(["", shownToRealm, "Bearer t-1"], bench.Registry.Requests.Select(request => request.Authorization));
        Assert.Equal("?service=reg&scope=repository%3Ashop%3Apull", bench.Registry.Requests.ElementAt(1).Query);
    }

    // Where a public registry may send us is in EndpointTests; the registry here is on loopback.
    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("/token")]
    [InlineData("")]
    public async Task A_realm_that_is_no_place_for_a_login_is_not_asked(string realm)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\"";
            await ScriptedRegistry.AnswerAsync(context, 401);
            return true;
        };

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client(Login).WarmUpAsync(Token));

        Assert.Contains("does not say from where", failure.Message, StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(bench.Registry.Requests).Authorization);
    }

    [Fact]
    public async Task A_blob_that_is_kept_on_another_host_is_fetched_there_without_the_login()
    {
        await using var bench = await RegistryBench.StartAsync();
        await using var storage = await ScriptedRegistry.StartAsync();
        storage.Blobs["key"] = Content;
        bench.Registry.Script = Redirect($"http://{storage.Host}/bucket/blobs/key?X-Amz-Signature=s");
        var authorization = new BasicAuthorization(_ => Task.FromResult(Login));

        await using var blob = await bench.Client(authorization).OpenBlobAsync(RegistryBench.DescriptorOf(Content), Token);
        using var read = new MemoryStream();
        await blob.CopyToAsync(read, Token);

        Assert.Equal(Content, read.ToArray());
        Assert.Equal("", Assert.Single(storage.Requests).Authorization);
    }

    [Fact]
    public async Task An_upload_that_goes_on_at_another_host_loses_the_login()
    {
        await using var bench = await RegistryBench.StartAsync();
        await using var other = await ScriptedRegistry.StartAsync();
        bench.Registry.Location = path => $"http://{other.Host}{path}?key=1";
        var authorization = new BasicAuthorization(_ => Task.FromResult(Login));

        await bench.Client(authorization).PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal("", Assert.Single(other.Requests).Authorization);
        Assert.Equal(Content, other.Blobs.Values.Single());
    }

    [Fact]
    public async Task A_stand_in_is_asked_under_the_registrys_own_name()
    {
        await using var bench = await RegistryBench.StartAsync();
        const string Ecr = "111111111111.dkr.ecr.eu-west-1.amazonaws.com";
        bench.Registry.Location = path => $"https://{Ecr}{path}";
        bench.Registry.Script = BearerDance(Ecr, "https");

        await bench.Client(RegistryEndpoint.Of(Ecr, new Uri($"http://{bench.Registry.Host}/"))).PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.All(bench.Registry.Requests.Where(request => request.Path.StartsWith("/v2", StringComparison.Ordinal)), request => Assert.Equal(Ecr, request.Host));
        Assert.Equal("Bearer t-1", bench.Registry.Requests.Last().Authorization);
    }

    private static Func<HttpContext, Task<bool>> Redirect(string location) => async context =>
    {
        context.Response.Headers.Location = location;
        await ScriptedRegistry.AnswerAsync(context, 307);
        return true;
    };

    private static Func<HttpContext, Task<bool>> BearerDance(string host, string scheme = "http") => async context =>
    {
        if (context.Request.Path == "/token")
        {
            await ScriptedRegistry.AnswerAsync(context, 200, """{"token":"t-1"}""");
            return true;
        }

        var asked = context.Request.Headers.Authorization != "Bearer t-1";
        if (asked)
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{scheme}://{host}/token\",service=\"reg\",scope=\"repository:shop:pull\"";
            await ScriptedRegistry.AnswerAsync(context, 401);
        }

        return asked;
    };
}
