using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Settings that are wrong end the step with 2 before anybody was called.</summary>
public sealed class WrongSettingsTests
{
    [Theory]
    [InlineData("ACTION", "deliver", "ACTION is 'deliver'. It must be deploy or push")]
    [InlineData("ECR_REPOSITORY", null, "ECR_REPOSITORY is not set. ACTION deploy needs it")]
    [InlineData("ECR_REPOSITORY", "  ", "ECR_REPOSITORY is not set")]
    [InlineData("ECR_REPOSITORY", "${ECR_REPOSITORY}", "ECR_REPOSITORY is not set")]
    [InlineData("ECR_REPOSITORY", "${CENTRAL_ECR}", "ECR_REPOSITORY is '${CENTRAL_ECR}': the variable CENTRAL_ECR is not set in this step")]
    [InlineData("ECR_REPOSITORY", "docker.io/shop", "ECR_REPOSITORY is 'docker.io/shop'. It must be")]
    [InlineData("CLUSTER_NAME", null, "CLUSTER_NAME is not set")]
    [InlineData("CLUSTER_NAME", "my cluster", "CLUSTER_NAME is 'my cluster'. It must be")]
    [InlineData("CLUSTER_NAME", "arn:aws:ecs:eu-west-1:333333333333:cluster/dev", "in account 333333333333, but the role that would roll its services, arn:aws:iam::222222222222:role/deploy, acts in 222222222222")]
    [InlineData("CLUSTER_NAME", "arn:aws:ecs:us-east-1:222222222222:cluster/dev", "in region us-east-1, but this run acts in eu-west-1. Set AWS_DEFAULT_REGION to us-east-1")]
    [InlineData("CLUSTER_NAME", "arn:aws-cn:ecs:eu-west-1:222222222222:cluster/dev", "of partition aws-cn, but region eu-west-1 is in aws")]
    [InlineData("SERVICE_NAME", null, "SERVICE_NAME is not set")]
    [InlineData("SERVICE_NAME", "${SERVICE}", "SERVICE_NAME is '${SERVICE}': the variable SERVICE is not set in this step")]
    [InlineData("SERVICE_NAME", "shop;rm", "SERVICE_NAME has the entry 'shop;rm'")]
    [InlineData("ECR_ROLE_ARN", "ecr-push", "ECR_ROLE_ARN is 'ecr-push'. It must be the ARN of an IAM role")]
    [InlineData("DEPLOY_ROLE_ARN", "arn:aws:iam::22:role/deploy", "DEPLOY_ROLE_ARN is 'arn:aws:iam::22:role/deploy'")]
    [InlineData("AWS_DEFAULT_REGION", "Ireland", "AWS_DEFAULT_REGION is 'Ireland'. It must be an AWS region")]
    [InlineData("BITBUCKET_STEP_OIDC_TOKEN", null, "oidc: true")]
    [InlineData("DRY_RUN", "maybe", "DRY_RUN is 'maybe'. It must be true or false")]
    [InlineData("DRY_RUN", "", "DRY_RUN is given but blank")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS", "", "AWS_ALLOWED_ACCOUNT_IDS is given but blank")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS", "${ACCOUNTS}", "AWS_ALLOWED_ACCOUNT_IDS is '${ACCOUNTS}': the variable ACCOUNTS is not set in this step")]
    [InlineData("SCAN_THRESHOLD", " ", "SCAN_THRESHOLD is given but blank")]
    [InlineData("PROMOTE_FROM", "dev", "PROMOTE_FROM is set, but ACTION deploy does not take it; it goes with promote")]
    [InlineData("ROLLBACK_TO", "shop:1", "ROLLBACK_TO is set, but ACTION deploy does not take it")]
    [InlineData("DOCKERFILE", "Dockerfile", "PUBLISH_DIR and DOCKERFILE are both set. An image has one source")]
    [InlineData("SET_ENV_VARS", "CONN=${DB_CONN}", "SET_ENV_VARS: CONN is to have the value of the variable DB_CONN, which is not set in this step")]
    [InlineData("TAGS", "a/b", "TAGS has the entry 'a/b'")]
    [InlineData("WAIT_TIMEOUT", "soon", "WAIT_TIMEOUT is 'soon'. It must be a whole number of minutes")]
    [InlineData("TASK_DEFINITION", "../secret", "TASK_DEFINITION is '../secret'. It must be live, family:<name>")]
    [InlineData("SET_ENV_VARS", "hunter2", "SET_ENV_VARS: entry 1 is not NAME=value")]
    [InlineData("AWS_ENDPOINT_URL", "http://evil.example", "AWS_ENDPOINT_URL is 'http://evil.example'. It must be an https address")]
    [InlineData("CA_BUNDLE", "certs/ca.pem", "/certs/ca.pem', which could not be read")]
    [InlineData("OUTPUT_DIR", "../elsewhere", "OUTPUT_DIR is '../elsewhere'. It must be a folder inside the clone")]
    public async Task What_is_wrong_is_named(string variable, string? value, string said)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync((variable, value));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused(said);
        Assert.EndsWith("✖ No service was touched: what ran before still serves", run.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
        Assert.Empty(run.Requests);
    }

    [Fact]
    public async Task A_promotion_guard_that_is_written_as_an_array_does_not_let_the_promotion_pass()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.PromoteAsync(("IMAGE", "v1"), ("PROMOTE_FROM_COUNT", "1"), ("PROMOTE_FROM_0", "dev"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("PROMOTE_FROM is given as an array, but takes one value");
        Assert.Empty(run.Requests);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("CLUSTER_NAME", null), ("WAIT", "perhaps"), ("ECR_ROLE_ARN", "nobody"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("CLUSTER_NAME", "WAIT is 'perhaps'", "ECR_ROLE_ARN");
    }

    [Theory]
    [InlineData("ACTION", "check")]
    [InlineData("ACTION", "setup")]
    [InlineData("SCAN_THRESHOLD", "HIGH")]
    [InlineData("SCAN_ALLOW", "findings.yml")]
    [InlineData("SCAN_TIMEOUT", "5")]
    public async Task What_this_version_cannot_do_yet_is_refused_rather_than_left_out(string variable, string value)
    {
        await using var run = await PipeRun.StartAsync();

        (string, string?)[] changes = value == "setup" ? [("CLUSTER_NAME", null), ("SERVICE_NAME", null)] : [];

        var exit = await run.RunAsync([("CONTAINER_NAME", null), (variable, value), .. changes]);

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused(variable, "is not built in this version");
        Assert.Empty(run.Requests);
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("check")]
    public async Task An_action_that_is_not_built_is_told_instead_of_what_it_would_not_take(string action)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("ACTION", action), ("PROMOTE_FROM", "dev"), ("ROLLBACK_TO", "shop:1"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused($"ACTION {action} is not built in this version");
        Assert.DoesNotContain("does not take it", run.Log, StringComparison.Ordinal);
    }
}
