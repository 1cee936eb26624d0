using EcsDeploy.Ecr;
using EcsDeploy.Images;
using EcsDeploy.Names;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Delivery;

/// <summary>What does not depend on each other is under way at the same time: each of two requests is held at the registry until the other has come.</summary>
public sealed class OverlapTests
{
    /// <summary>Only a push that asks one after the other waits so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST /v2/shop/blobs/uploads/")]
    [InlineData("ecr:PutImage")]
    public async Task A_changed_layer_goes_beside_the_configuration_and_one_tag_beside_the_other(string request)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await bench.PushAsync("v1");
        bench.App.Write("Shop.dll", "version 2");
        using var meeting = new Barrier(2);
        var met = 0;
        bench.Faults.Add(new FaultRule
        {
            On = request,
            Kind = FaultKind.Slow,
            Duration = TimeSpan.Zero,
            Count = 2,
            Meanwhile = () => Interlocked.Add(ref met, meeting.SignalAndWait(Patience, Token) ? 1 : 0),
        });

        await bench.PushAsync(bench.Request("v2", "latest") with { Earlier = Task.FromResult<IReadOnlyList<string>>(["v1"]) });

        Assert.Equal(2, met);
        Assert.Equal((await bench.Ecr.FindImageAsync("v2", Token))?.Digest, (await bench.Ecr.FindImageAsync("latest", Token))?.Digest);
    }

    [Fact]
    public async Task The_second_platform_is_compiled_while_the_first_one_is_sent()
    {
        await using var bench = await DeliveryBench.StartAsync();
        BaseSeed.PutIndex(bench.Bases, "10.0", BaseSeed.PutImage(bench.Bases, "x", "amd"), BaseSeed.PutImage(bench.Bases, "a", "arm", "arm64"));
        using var begun = new ManualResetEventSlim();
        var held = false;
        bench.Faults.Add(new FaultRule
        {
            On = "POST /v2/shop/blobs/uploads/",
            Kind = FaultKind.Slow,
            Duration = TimeSpan.Zero,
            Meanwhile = () => held = begun.Wait(Patience, Token),
        });

        var image = await bench.PushAsync(
            bench.Request("v1") with { Platforms = [Platform.Amd64, Platform.Arm64] },
            (platform, _) =>
            {
                if (platform == Platform.Arm64)
                {
                    begun.Set();
                }

                return bench.App.Published(platform);
            });

        Assert.True(held);
        Assert.Equal(2, image.BaseImages.Distinct().Count());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_is_opened_beforehand_and_is_slow_holds_up_no_push_that_has_all_it_needs()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var compiled = new TaskCompletionSource<PublishedApp>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Faults.Add(new FaultRule { On = "GET /v2/", Kind = FaultKind.Slow, Meanwhile = () => compiled.TrySetResult(bench.App.For(Platform.Amd64)) });

        var image = await bench.PushAsync(bench.Request("v1"), (_, _) => new Publishing(Task.FromResult($"{bench.Bases.Host}/{DeliveryBench.Base}"), compiled.Task));

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_limit_that_passes_inside_of_the_build_ends_the_rest_at_once()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var compiling = new TaskCompletionSource<PublishedApp>();
        var passed = new TaskCanceledException("a limit has passed", new TimeoutException());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.PushAsync(
            bench.Request("v1"),
            (_, stop) =>
            {
                stop.Register(() => compiling.TrySetException(new BuildException("stopped")));
                return new Publishing(Task.FromException<string>(passed), compiling.Task);
            }));

        Assert.True(compiling.Task.IsFaulted);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_repository_that_is_missing_ends_the_build_before_its_base_image_is_known()
    {
        await using var bench = await DeliveryBench.StartAsync();
        bench.Repository = DeliveryBench.Parse("nowhere");
        var compiling = new TaskCompletionSource<PublishedApp>();
        var telling = new TaskCompletionSource<string>();

        await Assert.ThrowsAsync<EcrException>(() => bench.PushAsync(
            bench.Request("v1"),
            (_, stop) =>
            {
                stop.Register(() => telling.TrySetException(new BuildException("stopped")));
                stop.Register(() => compiling.TrySetException(new BuildException("stopped")));
                return new Publishing(telling.Task, compiling.Task);
            }));

        Assert.True(compiling.Task.IsFaulted);
    }
}
