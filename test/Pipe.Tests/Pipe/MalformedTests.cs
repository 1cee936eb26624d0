using EcsDeploy;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A malformed value for every variable that has a form: the step ends with 2, before anybody is called, and says what the form is.</summary>
public sealed class MalformedTests
{
    private const string Flag = "true or false (yes, no, on and off are understood too)";
    private const string Role = "the ARN of an IAM role such as arn:aws:iam::123456789012:role/name";
    private const string Address = "an https address (http only for this machine: loopback or the step's own host)";
    private const string Repository = "an ECR address such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name";
    private const string Environment = "an environment's name (1 to 64 letters, digits, '_', '.' and '-')";

    // Any text may be a path, a name or an argument; what is behind it is found out later.
    private static readonly string[] Free =
    [
        "CONFIG_FILE", "SERVICES", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "PROJECT", "CONFIGURATION", "PUBLISH_ARGS", "PUBLISH_DIR", "DOCKERFILE", "DOCKER_CONTEXT",
        "DOCKER_TARGET", "DOCKER_BUILD_ARGS", "DOCKER_SECRETS", "DOCKER_CACHE_FROM", "IMAGE_NAME", "IMAGE_ARCHIVE", "BASE_IMAGE", "BASE_IMAGE_USERNAME", "BASE_IMAGE_PASSWORD", "SCAN_ALLOW",
        "CONTAINER_NAME", "UNSET_ENV_VARS", "BEFORE_DEPLOY", "BEFORE_DEPLOY_ENTRY_POINT", "BEFORE_DEPLOY_CONTAINER", "BEFORE_DEPLOY_TASK_DEFINITION", "AFTER_DEPLOY", "AFTER_DEPLOY_ENTRY_POINT",
        "AFTER_DEPLOY_CONTAINER", "AFTER_DEPLOY_TASK_DEFINITION", "ROLLBACK_TO", "NO_PROXY", "CA_BUNDLE",
    ];

    public static TheoryData<string, string, string> Values => new()
    {
        { "ACTION", "launch", "ACTION is 'launch'. It must be deploy or push or promote or rollback or status or continue or stop." },
        { "DRY_RUN", "maybe", Is("DRY_RUN", "maybe", Flag) },
        { "ENVIRONMENT", "my env", Is("ENVIRONMENT", "my env", Environment) },
        { "AWS_DEFAULT_REGION", "Ireland", Is("AWS_DEFAULT_REGION", "Ireland", "an AWS region such as eu-west-1") },
        { "AWS_OIDC_ROLE_ARN", "deploy", Is("AWS_OIDC_ROLE_ARN", "deploy", Role) },
        { "AWS_ACCESS_KEY_ID", "key", "AWS_ACCESS_KEY_ID is wrong (its value is not shown). It must be an access key id" },
        { "ECR_ROLE_ARN", "arn:aws:iam::111111111111:user/push", Is("ECR_ROLE_ARN", "arn:aws:iam::111111111111:user/push", Role) },
        { "DEPLOY_ROLE_ARN", "arn:aws:iam::22:role/deploy", Is("DEPLOY_ROLE_ARN", "arn:aws:iam::22:role/deploy", Role) },
        { "BASE_ROLE_ARN", "arn:aws:s3:::bucket", Is("BASE_ROLE_ARN", "arn:aws:s3:::bucket", Role) },
        { "AWS_ALLOWED_ACCOUNT_IDS", "111111111111 dev", Has("AWS_ALLOWED_ACCOUNT_IDS", "dev", "an AWS account id of 12 digits") },
        { "ECR_REPOSITORY", "docker.io/shop", Is("ECR_REPOSITORY", "docker.io/shop", Repository) },
        { "BUILD_MEMORY", "2GB", Is("BUILD_MEMORY", "2GB", "a whole number of MiB from 1 to 1048576") },
        { "REPRODUCIBLE", "maybe", Is("REPRODUCIBLE", "maybe", Flag) },
        { "IMAGE", "my image", Is("IMAGE", "my image", "a tag, a digest (sha256: and 64 lower-case hexadecimal digits), or from:<environment>") },
        { "SOURCE_ECR_REPOSITORY", "shop", Is("SOURCE_ECR_REPOSITORY", "shop", Repository) },
        { "SOURCE_ECR_ROLE_ARN", "read", Is("SOURCE_ECR_ROLE_ARN", "read", Role) },
        { "TAGS", "v1, a/b", "TAGS has the entry 'a/b'. It must be 1 to 128 characters" },
        { "PLATFORMS", "linux/arm", Has("PLATFORMS", "linux/arm", "linux/amd64 or linux/arm64") },
        { "LAYER_COMPRESSION", "lzma", Is("LAYER_COMPRESSION", "lzma", "gzip or zstd") },
        { "SCAN_THRESHOLD", "AWFUL", Is("SCAN_THRESHOLD", "AWFUL", "NONE or INFORMATIONAL or LOW or MEDIUM or HIGH or CRITICAL") },
        { "SCAN_TIMEOUT", "241", Is("SCAN_TIMEOUT", "241", "a whole number of minutes from 1 to 240") },
        { "ECR_CREATE", "please", Is("ECR_CREATE", "please", Flag) },
        { "CLUSTER_NAME", "my cluster", Is("CLUSTER_NAME", "my cluster", "a cluster's name (letters, digits, '_' and '-') or its ARN") },
        { "SERVICE_NAME", "shop;rm", Has("SERVICE_NAME", "shop;rm", "a service's name (letters, digits, '_' and '-'), or cluster/service") },
        { "TASK_DEFINITION", "newest", Is("TASK_DEFINITION", "newest", "live, family:<name>, <name>:<revision>, or the path of a .json, .yml or .yaml file") },
        { "SET_ENV_VARS", "hunter2", "SET_ENV_VARS: entry 1 is not NAME=value, with one entry a line." },
        { "SET_SECRETS", "A=arn\nhunter2", "SET_SECRETS: entry 2 is not NAME=value, with one entry a line." },
        { "FORCE_NEW_DEPLOYMENT", "1", Is("FORCE_NEW_DEPLOYMENT", "1", Flag) },
        { "BEFORE_DEPLOY_TIMEOUT", "0", Is("BEFORE_DEPLOY_TIMEOUT", "0", "a whole number of minutes from 1 to 1440") },
        { "AFTER_DEPLOY_TIMEOUT", "1.5", Is("AFTER_DEPLOY_TIMEOUT", "1.5", "a whole number of minutes from 1 to 1440") },
        { "WAIT", "perhaps", Is("WAIT", "perhaps", Flag) },
        { "WAIT_TIMEOUT", "1441", Is("WAIT_TIMEOUT", "1441", "a whole number of minutes from 1 to 1440") },
        { "ON_FAILURE", "ignore", Is("ON_FAILURE", "ignore", "rollback or leave") },
        { "ON_TIMEOUT", "wait", Is("ON_TIMEOUT", "wait", "rollback or leave") },
        { "ON_CANCEL", "stop", Is("ON_CANCEL", "stop", "rollback or leave") },
        { "PROMOTE_FROM", "dev staging", Is("PROMOTE_FROM", "dev staging", Environment) },
        { "OUTPUT_DIR", "../out", Is("OUTPUT_DIR", "../out", "a folder inside the clone, such as .dotnet-ecs-deploy") },
        { "REPORT", "maybe", Is("REPORT", "maybe", Flag) },
        { "REPORT_PROXY", "ftp://localhost", Is("REPORT_PROXY", "ftp://localhost", "the address of Bitbucket's proxy such as http://localhost:29418") },
        { "HTTPS_PROXY", "ftp://me:hunter2@proxy", "HTTPS_PROXY is wrong (its value is not shown). It must be the address of a proxy such as http://proxy.example:3128." },
        { "AWS_USE_FIPS_ENDPOINT", "always", Is("AWS_USE_FIPS_ENDPOINT", "always", Flag) },
        { "AWS_USE_DUALSTACK_ENDPOINT", "always", Is("AWS_USE_DUALSTACK_ENDPOINT", "always", Flag) },
        { "AWS_ENDPOINT_URL", "http://aws.example", Is("AWS_ENDPOINT_URL", "http://aws.example", Address) },
        { "AWS_ENDPOINT_URL_ECR", "ecr", Is("AWS_ENDPOINT_URL_ECR", "ecr", Address) },
        { "AWS_ENDPOINT_URL_ECS", "https://me@ecs.example", Is("AWS_ENDPOINT_URL_ECS", "https://me@ecs.example", Address) },
        { "AWS_ENDPOINT_URL_STS", "ftp://127.0.0.1", Is("AWS_ENDPOINT_URL_STS", "ftp://127.0.0.1", Address) },
        { "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://10.0.0.1", Is("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://10.0.0.1", Address) },
        { "DEBUG", "2", Is("DEBUG", "2", Flag) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Is_told_with_what_it_must_be(string name, string value, string said)
    {
        await using var run = await PipeRun.StartAsync();
        (string, string?)[] others = name.EndsWith("_DEPLOY_TIMEOUT", StringComparison.Ordinal) ? [(name[..^"_TIMEOUT".Length], "migrate")]
            : name == "AWS_ACCESS_KEY_ID" ? [("AWS_SECRET_ACCESS_KEY", "hunter2-hunter2")]
            : name is "BUILD_MEMORY" or "REPRODUCIBLE" ? [("PUBLISH_DIR", null), ("PROJECT", "Web.csproj")]
            : [];
        var promotes = VariableTable.Of(name).Taken is var taken && !taken.Includes(PipeAction.Deploy);

        var exit = promotes ? await run.PromoteAsync((name, value)) : await run.DeployAsync([.. others, (name, value)]);

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused(said);
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
        Assert.Empty(run.Requests);
    }

    [Fact]
    public void No_variable_with_a_form_is_left_out() =>
        Assert.Equal(
            VariableTable.All.Select(variable => variable.Name).Order(StringComparer.Ordinal),
            Values.Select(row => row.Data.Item1).Concat(Free).Order(StringComparer.Ordinal));

    private static string Is(string name, string value, string rule) => $"{name} is '{value}'. It must be {rule}.";

    private static string Has(string name, string entry, string rule) => $"{name} has the entry '{entry}'. It must be {rule}.";
}
