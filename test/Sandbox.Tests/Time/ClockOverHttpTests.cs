using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sandbox.Time;
using Xunit;

namespace Sandbox.Tests.Time;

/// <summary>The virtual clock between a real client and a real server on loopback.</summary>
public sealed class ClockOverHttpTests : IAsyncLifetime
{
    private readonly VirtualClock _clock = new();
    private readonly HttpClient _client = new();
    private WebApplication _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Use(new ClockMiddleware(_clock).InvokeAsync);
        _server.MapGet("/now", () => _clock.Elapsed.TotalSeconds);
        _server.MapGet("/busy", () => SpinAsync());
        _server.MapGet("/slow", context => ServerPause.ForAsync(TimeSpan.FromSeconds(40), _clock, context.RequestAborted));
        _server.MapGet("/stalled", StallAsync);
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
    public async Task Polling_over_http_sees_every_moment_exactly()
    {
        using var scope = _clock.Enter();

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal($"{i * 2}", await _client.GetStringAsync(new Uri("/now", UriKind.Relative), Token));
            await Task.Delay(TimeSpan.FromSeconds(2), _clock, Token);
        }
    }

    [Fact]
    public async Task A_request_that_takes_real_time_keeps_the_clock_though_another_branch_waits()
    {
        using var scope = _clock.Enter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(30), _clock);

        var wait = Task.Delay(TimeSpan.FromHours(1), _clock, Token);
        for (var i = 0; i < 20; i++)
        {
            await _client.GetStringAsync(new Uri("/busy", UriKind.Relative), deadline.Token);
        }

        Assert.Equal(TimeSpan.Zero, _clock.Elapsed);
        await wait;
    }

    [Fact]
    public async Task An_answer_that_is_slow_on_the_clock_does_not_keep_it()
    {
        using var scope = _clock.Enter();

        await _client.GetStringAsync(new Uri("/slow", UriKind.Relative), Token);

        Assert.Equal(TimeSpan.FromSeconds(40), _clock.Elapsed);
    }

    [Fact]
    public async Task A_deadline_ends_a_body_that_never_comes()
    {
        using var scope = _clock.Enter();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        using var response = await _client.GetAsync(new Uri("/stalled", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, deadline.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.Content.ReadAsStringAsync(deadline.Token));

        Assert.Equal(TimeSpan.FromSeconds(30), _clock.Elapsed);
    }

    [Fact]
    public async Task A_request_that_fails_is_no_longer_in_flight()
    {
        using var scope = _clock.Enter();

        // Nothing listens on port 1.
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(new Uri("http://127.0.0.1:1/"), Token));
        await Task.Delay(TimeSpan.FromSeconds(1), _clock, Token);

        Assert.Equal(TimeSpan.FromSeconds(1), _clock.Elapsed);
    }

    [Fact]
    public async Task Several_participants_poll_beside_each_other_and_each_sees_its_own_moments()
    {
        var hold = _clock.Hold();
        var runs = Enumerable.Range(1, 10).Select(PollAsync).ToArray();
        hold.Dispose();

        await Task.WhenAll(runs);

        Assert.Equal(TimeSpan.FromSeconds(300), _clock.Elapsed);
    }

    private async Task PollAsync(int interval)
    {
        using var scope = _clock.Enter();
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal($"{i * interval}", await _client.GetStringAsync(new Uri("/now", UriKind.Relative), Token));
            await Task.Delay(TimeSpan.FromSeconds(interval), _clock, Token);
        }
    }

    private static async Task SpinAsync()
    {
        var real = Stopwatch.StartNew();
        while (real.ElapsedMilliseconds < 10)
        {
            await Task.Yield();
        }
    }

    private async Task StallAsync(HttpContext context)
    {
        await context.Response.WriteAsync("half", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await ServerPause.ForAsync(Timeout.InfiniteTimeSpan, _clock, context.RequestAborted);
    }
}
