using Sandbox.Tests.Wire;
using Xunit;

namespace Sandbox.Tests.Sts;

public sealed class CallerIdentityTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [InlineData("arn:aws:iam::111111111111:user/admin", "arn:aws:iam::111111111111:user/admin", "111111111111")]
    [InlineData("arn:aws:iam::222222222222:role/deploy", "arn:aws:sts::222222222222:assumed-role/deploy/sandbox", "222222222222")]
    public async Task A_caller_learns_who_they_are(string principal, string arn, string account)
    {
        var token = TestContext.Current.CancellationToken;
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(principal));

        var answer = await client.StsAsync("GetCallerIdentity", Nothing, token);

        Assert.Equal(arn, answer.Xml("Arn"));
        Assert.Equal(account, answer.Xml("Account"));
        Assert.Empty(sandbox.Defects);
        Assert.Equal("sts:GetCallerIdentity 200", Assert.Single(sandbox.Requests).ToString());
    }
}
