using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using EcsDeploy;
using EcsDeploy.Registry;
using Microsoft.AspNetCore.Http;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Connections that are not made and answers that do not come: tried again, and in the end told as what they are.</summary>
public sealed class NoAnswerTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 50_000).Select(number => (byte)number)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_is_tried_again()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        using var http = Invoker(registry.Host, unanswered: 1);
        var pauses = new InstantTime();

        await Client(http, registry.Host, pauses).PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Single(pauses.Pauses);
        Assert.Equal(Content, registry.Blobs.Values.Single());
    }

    [Fact]
    public async Task A_registry_that_no_connection_can_be_made_to_is_a_push_that_failed_and_no_defect()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        using var http = Invoker(registry.Host, unanswered: int.MaxValue);
        var pauses = new InstantTime();

        var failure = await Assert.ThrowsAsync<RegistryException>(() => Client(http, registry.Host, pauses).PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.Equal(ExitCode.Push, failure.ExitCode);
        Assert.StartsWith($"POST http://{registry.Host}/v2/shop/blobs/uploads/ got no answer: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(4, pauses.Pauses.Count);
    }

    [Fact]
    public async Task A_handshake_that_is_cut_is_tried_again_and_is_neither_distrust_nor_a_refusal()
    {
        // What is written goes nowhere, and there is nothing to read.
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new MemoryStream()) });
        var pauses = new InstantTime();

        var failure = await Assert.ThrowsAsync<RegistryException>(() => Client(http, "registry.example", pauses).PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.StartsWith("POST https://registry.example/v2/shop/blobs/uploads/ got no answer: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CA_BUNDLE", failure.Message, StringComparison.Ordinal);
        Assert.Equal((4, true, false), (pauses.Pauses.Count, failure.IsTransient, failure.WasCut));
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_final_and_told_with_what_to_set()
    {
        var distrust = new HttpRequestException(HttpRequestError.SecureConnectionError, "See inner exception.", new AuthenticationException("UntrustedRoot"));

        var failure = RegistryException.Unanswered(HttpMethod.Post, new Uri("https://registry.example/v2/"), distrust);

        Assert.False(failure.IsTransient);
        Assert.EndsWith("got no answer: UntrustedRoot. If a proxy of yours re-signs connections, set CA_BUNDLE.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_wants_no_answer_any_more_is_not_told_that_there_was_none()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        using var http = Invoker(registry.Host, unanswered: int.MaxValue, patience: Timeout.InfiniteTimeSpan);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pushing = Client(http, registry.Host, new InstantTime()).PushBlobAsync(RegistryBench.Blob(Content), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pushing);
    }

    [Fact]
    public async Task A_place_for_tokens_that_never_answers_is_given_up_and_asked_again()
    {
        var time = new FiringTime();
        await using var bench = await RegistryBench.StartAsync(time);
        bench.Registry.Script = Tokens(first: async context =>
        {
            time.Fire();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await bench.Client().FindManifestAsync("1.0", Token);

        Assert.Single(bench.Pauses.Pauses);
        Assert.Equal(2, bench.Registry.Lines.Count(line => line == "GET /token"));
    }

    [Fact]
    public async Task A_token_that_breaks_off_is_asked_for_again()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = Tokens(first: async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{\"token\":\"t", Token);
            await context.Response.Body.FlushAsync(Token);
            context.Abort();
        });

        await bench.Client().FindManifestAsync("1.0", Token);

        Assert.Single(bench.Pauses.Pauses);
        Assert.Equal(2, bench.Registry.Lines.Count(line => line == "GET /token"));
    }

    /// <summary>A registry that wants a bearer token; the first time that one is asked for goes as the test wishes.</summary>
    private static Func<HttpContext, Task<bool>> Tokens(Func<HttpContext, Task> first)
    {
        var asked = 0;
        return async context =>
        {
            if (context.Request.Path == "/token")
            {
                await (Interlocked.Increment(ref asked) == 1 ? first(context) : ScriptedRegistry.AnswerAsync(context, 200, """{"token":"t-1"}"""));
                return true;
            }

            var refused = context.Request.Headers.Authorization != "Bearer t-1";
            if (refused)
            {
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{context.Request.Host}/token\"";
                await ScriptedRegistry.AnswerAsync(context, 401);
            }

            return refused;
        };
    }

    /// <summary>As <c>HttpConnections</c> makes them, with less patience; the first connections are never made.</summary>
    private static HttpMessageInvoker Invoker(string host, int unanswered, TimeSpan? patience = null)
    {
        var left = unanswered;
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = patience ?? TimeSpan.FromMilliseconds(1),
            ConnectCallback = async (context, token) =>
            {
                if (Interlocked.Decrement(ref left) >= 0)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }

                // Once it is under way, a busy machine may take its time.
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPEndPoint.Parse(host), CancellationToken.None);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    private static RegistryClient Client(HttpMessageInvoker http, string host, InstantTime pauses)
    {
        var endpoint = RegistryEndpoint.Of(host);
        var authorization = new ChallengeAuthorization(http, endpoint, "shop", null, TimeProvider.System);
        return new RegistryClient(new RegistryTransport(http, endpoint, authorization, TimeProvider.System, Logger.None), new RegistryRetry(pauses, Logger.None), "shop");
    }
}
