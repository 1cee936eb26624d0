using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sandbox.Faults;
using Sandbox.Time;
using Sandbox.Wire;
using Xunit;

namespace Sandbox.Tests.Faults;

/// <summary>Each fault, seen by a real client; the service behind it counts what it was asked to do.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly Uri Blob = new("/v2/shop/blobs/sha256:1", UriKind.Relative);

    private readonly VirtualClock _clock = new();
    private readonly FaultPlan _plan = new();
    private readonly HttpClient _client = new();
    private WebApplication _server = null!;
    private int _served;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Use(new ClockMiddleware(_clock).InvokeAsync);
        _server.Use(NameAsync);
        _server.Use(new FaultMiddleware(_plan, _clock).InvokeAsync);
        _server.UseRouting();
        FaultEndpoint.Map(_server, _plan);
        _server.MapFallback(context => context.Response.WriteAsync($"answer {Interlocked.Increment(ref _served)}", context.RequestAborted));
        await _server.StartAsync(Token);
        _client.BaseAddress = new Uri(_server.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _clock.Dispose();
    }

    [Fact]
    public async Task A_rule_strikes_the_requests_it_counts_to_and_no_others()
    {
        _plan.Add(new FaultRule { On = "ecs:Update*", Kind = FaultKind.Throttle, First = 2, Count = 2 });

        var statuses = new List<HttpStatusCode>();
        foreach (var operation in "UpdateService DescribeTasks UpdateService UpdateService UpdateService".Split(' '))
        {
            using var response = await CallAsync("ecs", operation);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.OK], statuses);
        Assert.Equal(3, _served);
    }

    [Theory]
    [InlineData("ecs", FaultKind.Throttle, 400, "\"__type\":\"ThrottlingException\"")]
    [InlineData("ecr", FaultKind.ServerError, 500, "\"__type\":\"ServerException\"")]
    [InlineData("logs", FaultKind.ServerError, 503, "\"__type\":\"ServiceUnavailableException\"")]
    [InlineData("sts", FaultKind.Throttle, 400, "<Code>Throttling</Code>")]
    [InlineData("ecs", FaultKind.Expired, 400, "\"__type\":\"ExpiredTokenException\"")]
    [InlineData("sts", FaultKind.Expired, 403, "<Code>ExpiredToken</Code>")]
    public async Task Each_service_fails_in_its_own_words(string service, FaultKind kind, int status, string part)
    {
        _plan.Add(new FaultRule { On = $"{service}:*", Kind = kind });

        using var response = await CallAsync(service, "Anything");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(part, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(0, _served);
    }

    [Fact]
    public async Task The_registry_throttles_with_429_and_says_when_to_come_again()
    {
        _plan.Add(new FaultRule { On = "GET /v2/*/blobs/*", Kind = FaultKind.Throttle, Duration = TimeSpan.FromSeconds(7) });

        using var response = await _client.GetAsync(Blob, Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
        Assert.Contains("TOOMANYREQUESTS", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_to_come_again_may_be_a_date()
    {
        _plan.Add(new FaultRule { On = "GET /v2/*/blobs/*", Kind = FaultKind.Throttle, Duration = TimeSpan.FromSeconds(7), RetryAfterIsDate = true });

        using var response = await _client.GetAsync(Blob, Token);

        Assert.InRange(response.Headers.RetryAfter!.Date!.Value - _clock.GetUtcNow(), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task An_error_may_be_answered_to_what_was_done_all_the_same()
    {
        _plan.Add(new FaultRule { On = "GET /v2/*/blobs/*", Kind = FaultKind.ErrorAfter, Status = 502 });

        using var response = await _client.GetAsync(Blob, Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("UNKNOWN", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(1, _served);
    }

    [Fact]
    public async Task A_request_can_be_cut_off_within_its_body()
    {
        _plan.Add(new FaultRule { On = "PUT /v2/*/blobs/*", Kind = FaultKind.CutRequest });
        using var body = new ByteArrayContent(new byte[1_000_000]);

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PutAsync(Blob, body, Token));

        Assert.Equal(0, _served);
    }

    [Theory]
    [InlineData(FaultKind.ResetBefore, 0)]
    [InlineData(FaultKind.ResetAfter, 1)]
    [InlineData(FaultKind.Cut, 1)]
    public async Task A_connection_can_break_before_it_was_done_or_after(FaultKind kind, int served)
    {
        _plan.Add(new FaultRule { On = "ecs:UpdateService", Kind = kind });

        var broken = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync("ecs", "UpdateService"));

        Assert.True(broken is HttpRequestException or HttpIOException, broken.ToString());
        Assert.Equal(served, _served);
    }

    [Fact]
    public async Task A_slow_answer_takes_its_time_on_the_clock()
    {
        using var scope = _clock.Enter();
        _plan.Add(new FaultRule { On = "ecs:*", Kind = FaultKind.Slow, Duration = TimeSpan.FromMinutes(2) });

        using var response = await CallAsync("ecs", "ListTasks");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(2), _clock.Elapsed);
    }

    [Fact]
    public async Task A_stalled_body_starts_and_goes_on_after_its_pause()
    {
        using var scope = _clock.Enter();
        _plan.Add(new FaultRule { On = "GET /v2/*", Kind = FaultKind.Stall, Duration = TimeSpan.FromMinutes(3) });

        using var response = await _client.GetAsync(Blob, HttpCompletionOption.ResponseHeadersRead, Token);
        var begun = _clock.Elapsed;
        var body = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal("answer 1", body);
        Assert.InRange(begun, TimeSpan.Zero, TimeSpan.FromMinutes(3));
        Assert.Equal(TimeSpan.FromMinutes(3), _clock.Elapsed);
    }

    [Fact]
    public async Task A_stale_read_answers_what_the_same_request_got_before()
    {
        _plan.Add(new FaultRule { On = "ecs:DescribeServices", Kind = FaultKind.Stale, First = 2, Count = 1 });

        var answers = new List<string>();
        foreach (var input in "a a b a".Split(' '))
        {
            using var response = await CallAsync("ecs", "DescribeServices", input);
            answers.Add(await response.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal(["answer 1", "answer 1", "answer 2", "answer 3"], answers);
    }

    [Fact]
    public async Task Faults_can_be_set_read_and_taken_away_over_http()
    {
        var path = new Uri("/_sandbox/faults", UriKind.Relative);
        using var rules = new StringContent("""[{"on":"ecs:UpdateService","kind":"resetAfter","count":null},{"on":"ecr:*","kind":"slow","duration":"1.5s"}]""");
        using var wrong = new StringContent("""[{"on":"x","kind":"explode"}]""");

        using var set = await _client.PostAsync(path, rules, Token);
        using var refused = await _client.PostAsync(path, wrong, Token);
        var kept = _plan.Rules;
        using var gone = await _client.DeleteAsync(path, Token);

        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(new FaultRule { On = "ecs:UpdateService", Kind = FaultKind.ResetAfter, Count = null }, kept[0]);
        Assert.Equal(new FaultRule { On = "ecr:*", Kind = FaultKind.Slow, Duration = TimeSpan.FromSeconds(1.5) }, kept[1]);
        Assert.Empty(_plan.Rules);
        Assert.Contains("\"kind\":\"resetAfter\"", await set.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    /// <summary>Stands for the host's own step that reads calls.</summary>
    private static async Task NameAsync(HttpContext context, RequestDelegate next)
    {
        var received = ReceivedRequest.Of(context);
        if (context.Request.Headers["X-Call"].ToString().Split(':') is [var service, var operation])
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            (received.Service, received.Operation, received.Body) = (service, operation, body.ToArray());
        }

        await next(context);
    }

    private async Task<HttpResponseMessage> CallAsync(string service, string operation, string input = "{}")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(input, Encoding.UTF8) };
        request.Headers.Add("X-Call", $"{service}:{operation}");
        return await _client.SendAsync(request, Token);
    }
}
