using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class WayInTests
{
    // Design §3. t: the step's token, k: keys; o, e, d, b, s: OIDC, ECR, deploy, base and source role.
    [Theory]
    [InlineData("to", "token>oidc", "token>oidc", "token>oidc")]
    [InlineData("ted", "token>ecr", "token>deploy", "token>ecr")]
    [InlineData("tod", "token>oidc", "token>deploy", "token>oidc")]
    [InlineData("te", "token>ecr", "token>ecr", "token>ecr")]
    [InlineData("td", "token>deploy", "token>deploy", "token>deploy")]
    [InlineData("teds", "token>ecr", "token>deploy", "token>source")]
    [InlineData("tbed", "token>base>ecr", "token>base>deploy", "token>base>ecr")]
    [InlineData("tb", "token>base", "token>base", "token>base")]
    [InlineData("tbd", "token>base>deploy", "token>base>deploy", "token>base>deploy")]
    [InlineData("k", "keys", "keys", "keys")]
    [InlineData("ked", "keys>ecr", "keys>deploy", "keys>ecr")]
    [InlineData("kd", "keys>deploy", "keys>deploy", "keys>deploy")]
    [InlineData("kbed", "keys>base>ecr", "keys>base>deploy", "keys>base>ecr")]
    [InlineData("tkoed", "token>ecr", "token>deploy", "token>ecr")]
    [InlineData("ko", "keys", "keys", "keys")]
    [InlineData("tk", "keys", "keys", "keys")]
    public void Each_purpose_has_its_way_in(string given, string push, string roll, string source)
    {
        var settings = Given(given);

        Assert.Equal((push, roll, source), (Way(settings, AwsPurpose.Push), Way(settings, AwsPurpose.Roll), Way(settings, AwsPurpose.Source)));
    }

    [Theory]
    [InlineData("o", "Add `oidc: true` to the step")]
    [InlineData("ed", "the step has no OIDC token and no keys were given")]
    [InlineData("t", "set AWS_OIDC_ROLE_ARN")]
    [InlineData("", "There is no way into AWS")]
    public void Without_a_way_in_it_says_what_to_add(string given, string expected)
    {
        var refusal = Assert.Throws<SignInException>(() => WayIn.Of(Given(given), AwsPurpose.Push));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Access, refusal.ExitCode);
    }

    [Fact]
    public void Purposes_with_the_same_role_share_one_identity()
    {
        var settings = Given("te");

        Assert.Equal(WayIn.Of(settings, AwsPurpose.Push), WayIn.Of(settings, AwsPurpose.Roll));
    }

    private static IdentitySettings Given(string letters) => Some.Settings() with
    {
        OidcToken = letters.Contains('t', StringComparison.Ordinal) ? Some.Token() : null,
        Keys = letters.Contains('k', StringComparison.Ordinal) ? Some.Keys : null,
        OidcRole = Role(letters, "oidc"),
        EcrRole = Role(letters, "ecr"),
        DeployRole = Role(letters, "deploy"),
        BaseRole = Role(letters, "base"),
        SourceEcrRole = Role(letters, "source"),
    };

    private static Arn? Role(string letters, string name) => letters.Contains(name[0], StringComparison.Ordinal) ? Arn.Parse($"arn:aws:iam::111111111111:role/{name}") : null;

    private static string Way(IdentitySettings settings, AwsPurpose purpose) => Text(WayIn.Of(settings, purpose));

    private static string Text(WayIn way) => way switch
    {
        WayIn.ByToken byToken => "token>" + byToken.Taken.Resource[5..],
        WayIn.Assumed assumed => Text(assumed.From) + ">" + assumed.Taken.Resource[5..],
        _ => "keys",
    };
}
