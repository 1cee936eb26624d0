using EcsDeploy.Aws;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class RenewingTests
{
    private readonly LeapingTime _time = new();
    private int _obtained;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60, null, 54, 1)]
    [InlineData(60, null, 55, 2)]
    [InlineData(60, 40, 37, 1)]
    [InlineData(60, 40, 38, 2)]
    [InlineData(60, 90, 54, 1)]
    [InlineData(60, 90, 55, 2)]
    [InlineData(60, 1, 59, 1)]
    [InlineData(null, null, 100000, 1)]
    public async Task A_session_is_renewed_before_its_end_or_before_the_last_chance(int? minutes, int? renewable, int asked, int obtained)
    {
        var start = _time.Now;
        using var identity = new AwsIdentity("role", _ => Task.FromResult(Next(minutes is { } end ? start.AddMinutes(end) : null, renewable is { } chance ? start.AddMinutes(chance) : null)), _time);
        await identity.GetAsync(Token);

        _time.Now = start.AddMinutes(asked);
        await identity.GetAsync(Token);

        Assert.Equal(obtained, _obtained);
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_session_in_use_until_its_end()
    {
        var start = _time.Now;
        using var identity = new AwsIdentity("role", _ => _obtained == 0 ? Task.FromResult(Next(start.AddHours(1), null)) : throw new SignInException("no more"), _time);
        var first = await identity.GetAsync(Token);

        _time.Now = start.AddMinutes(56);
        Assert.Same(first, await identity.GetAsync(Token));

        _time.Now = start.AddMinutes(60);
        await Assert.ThrowsAsync<SignInException>(() => identity.GetAsync(Token));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_half_a_minute_later()
    {
        var start = _time.Now;
        var fails = false;
        using var identity = new AwsIdentity("role", _ => !fails ? Task.FromResult(Next(_time.Now.AddHours(1), null)) : throw new SignInException("not now"), _time);
        var first = await identity.GetAsync(Token);

        (_time.Now, fails) = (start.AddMinutes(56), true);
        Assert.Same(first, await identity.GetAsync(Token));

        (_time.Now, fails) = (start.AddMinutes(56).AddSeconds(20), false);
        Assert.Same(first, await identity.GetAsync(Token));

        _time.Now = start.AddMinutes(56).AddSeconds(30);
        Assert.NotSame(first, await identity.GetAsync(Token));
    }

    [Fact]
    public async Task A_discarded_session_is_obtained_anew_once()
    {
        using var identity = new AwsIdentity("role", _ => Task.FromResult(Next(_time.Now.AddHours(1), null)), _time);
        var first = await identity.GetAsync(Token);

        identity.Discard(first);
        var second = await identity.GetAsync(Token);
        identity.Discard(first);

        Assert.Same(second, await identity.GetAsync(Token));
        Assert.Equal(2, _obtained);
    }

    // Another call may be signed in this very moment.
    [Fact]
    public async Task A_discarded_session_is_at_hand_until_there_is_another()
    {
        using var identity = new AwsIdentity("role", _ => Task.FromResult(Next(_time.Now.AddHours(1), null)), _time);
        var first = await identity.GetAsync(Token);

        identity.Discard(first);

        Assert.Same(first, identity.Current);
        Assert.NotSame(first, await identity.GetAsync(Token));
        Assert.NotSame(first, identity.Current);
    }

    private AwsSession Next(DateTimeOffset? expires, DateTimeOffset? renewable)
    {
        _obtained++;
        return Some.Session(expires: expires) with { RenewableUntil = renewable };
    }
}
