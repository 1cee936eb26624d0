using System.Text;
using EcsDeploy.Names;
using EcsDeploy.Registry;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>What an upload does about failures: sessions begun anew, pauses, refusals that are final.</summary>
public sealed class RetryTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(number => (byte)(number * 7))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string DigestText => Digest.Of(Content).Text;

    [Fact]
    public async Task A_commit_that_failed_but_was_made_is_not_made_again()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            if (context.Request.Method != "PUT")
            {
                return false;
            }

            bench.Registry.Blobs[DigestText] = Content;
            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            await ScriptedRegistry.AnswerAsync(context, 502);
            return true;
        };

        var outcome = await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(BlobOutcome.Present, outcome);
        Assert.Equal(["POST", "PUT", "HEAD"], bench.Registry.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_commit_that_failed_is_tried_in_a_new_session(int status)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = FirstPut(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, Token);
            await ScriptedRegistry.AnswerAsync(context, status);
        });

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(["POST", "PUT", "HEAD", "POST", "PUT"], bench.Registry.Requests.Select(request => request.Method));
        Assert.EndsWith("/2", bench.Registry.Lines[^1], StringComparison.Ordinal);
    }

    // Who may push need not be allowed to look (ecr:BatchCheckLayerAvailability); nor does a look that fails hide what the push is told.
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_look_that_is_refused_does_not_end_the_upload_that_it_was_for(int look)
    {
        await using var bench = await RegistryBench.StartAsync();
        var commits = 0;
        bench.Registry.Script = async context =>
        {
            var (head, put) = (context.Request.Method == "HEAD", context.Request.Method == "PUT");
            var refused = head || (put && Interlocked.Increment(ref commits) == 1);
            if (refused)
            {
                await context.Request.Body.CopyToAsync(Stream.Null, Token);
                await ScriptedRegistry.AnswerAsync(context, head ? look : 502);
            }

            return refused;
        };

        var outcome = await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(BlobOutcome.Sent, outcome);
        Assert.Equal(["POST", "PUT", "HEAD", "POST", "PUT"], bench.Registry.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task The_failure_that_is_told_is_the_uploads_own_and_not_that_of_the_look()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            var trouble = context.Request.Method is "HEAD" or "PUT";
            await (trouble ? ScriptedRegistry.AnswerAsync(context, context.Request.Method == "HEAD" ? 403 : 502, "") : Task.CompletedTask);
            return trouble;
        };

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.Equal(("PUT", 502), (failure.Method?.Method, (int?)failure.Status));
    }

    [Fact]
    public async Task A_connection_that_is_cut_within_the_body_begins_a_new_session()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = FirstPut(async context =>
        {
            await context.Request.Body.ReadAtLeastAsync(new byte[10_000], 10_000, cancellationToken: Token);
            context.Abort();
        });

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(["POST", "PUT", "HEAD", "POST", "PUT"], bench.Registry.Requests.Select(request => request.Method));
        Assert.Equal(Content, bench.Registry.Blobs[DigestText]);
    }

    [Fact]
    public async Task An_end_of_stream_in_place_of_an_answer_to_POST_says_so_in_the_end()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = context =>
        {
            if (context.Request.Method == "POST")
            {
                context.Abort();
            }

            return Task.FromResult(false);
        };

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.True(failure.WasCut);
        Assert.Contains("POST http://127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.Equal([0.5, 1, 2, 4], bench.Pauses.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task Retry_after_is_obeyed()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = FirstPut(async context =>
        {
            context.Response.Headers.RetryAfter = "17";
            await ScriptedRegistry.AnswerAsync(context, 429);
        });

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal([17d], bench.Pauses.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_registry_that_wants_an_hour_is_not_waited_for()
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = FirstPut(async context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            await ScriptedRegistry.AnswerAsync(context, 429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"slow\u001b[31m down\n"}]}""");
        });

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.EndsWith("was answered 429: TOOMANYREQUESTS: slow [31m down.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Pauses.Pauses);
    }

    [Fact]
    public async Task An_upload_that_stands_still_is_noticed_and_begun_anew()
    {
        var time = new FiringTime();
        await using var bench = await RegistryBench.StartAsync(time);
        bench.Registry.Script = FirstPut(async context =>
        {
            await context.Request.Body.ReadAtLeastAsync(new byte[10_000], 10_000, cancellationToken: Token);
            time.Fire();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token);

        Assert.Equal(["POST", "PUT", "HEAD", "POST", "PUT"], bench.Registry.Requests.Select(request => request.Method));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(413)]
    public async Task A_refusal_is_not_tried_again(int status)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            await ScriptedRegistry.AnswerAsync(context, status);
            return true;
        };

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.False(failure.IsTransient);
        Assert.Single(bench.Registry.Requests);
    }

    // Some proxies answer in the encoding of their country.
    [Theory]
    [InlineData(403, 0)]
    [InlineData(429, 4)]
    [InlineData(503, 4)]
    public async Task A_refusal_that_is_no_UTF_8_is_understood_all_the_same(int status, int pauses)
    {
        await using var bench = await RegistryBench.StartAsync();
        bench.Registry.Script = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("""{"errors":[{"code":"DENIED","message":"verweigert für perform: ecr:InitiateLayerUpload"}]}"""), Token);
            return true;
        };

        var failure = await Assert.ThrowsAsync<RegistryException>(() => bench.Client().PushBlobAsync(RegistryBench.Blob(Content), Token));

        Assert.Equal((status, pauses), ((int?)failure.Status, bench.Pauses.Pauses.Count));
        Assert.EndsWith($"was answered {status}: DENIED: verweigert f\ufffdr perform: ecr:InitiateLayerUpload.", failure.Message, StringComparison.Ordinal);
    }

    private static Func<HttpContext, Task<bool>> FirstPut(Func<HttpContext, Task> answer)
    {
        var left = 1;
        return async context =>
        {
            if (context.Request.Method != "PUT" || Interlocked.Decrement(ref left) < 0)
            {
                return false;
            }

            await answer(context);
            return true;
        };
    }
}
