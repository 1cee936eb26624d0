using EcsDeploy;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

public sealed class FaultTests
{
    [Theory]
    [InlineData("ACTION=launch", "ACTION is 'launch'. It must be deploy or push or promote or rollback or status or continue or stop.")]
    [InlineData("-ECR_REPOSITORY", "ECR_REPOSITORY is not set. ACTION deploy needs it.")]
    [InlineData("ECR_REPOSITORY= ", "ECR_REPOSITORY is not set. ACTION deploy needs it.")]
    [InlineData("ECR_REPOSITORY=$ECR_REPOSITORY", "ECR_REPOSITORY is not set. ACTION deploy needs it.")]
    [InlineData("ECR_REPOSITORY=${ECR_REPOSITORY}", "ECR_REPOSITORY is not set. ACTION deploy needs it.")]
    [InlineData("ECR_REPOSITORY=${REPO_URI}", "ECR_REPOSITORY is '${REPO_URI}': the variable REPO_URI is not set in this step.")]
    [InlineData("ECR_REPOSITORY=docker.io/shop", "ECR_REPOSITORY is 'docker.io/shop'. It must be an ECR address such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name.")]
    [InlineData("-SERVICE_NAME", "SERVICE_NAME is not set. ACTION deploy needs it.")]
    [InlineData("SERVICE_NAME=", "SERVICE_NAME is not set. ACTION deploy needs it.")]
    [InlineData("SERVICE_NAME=a/b/c", "SERVICE_NAME has the entry 'a/b/c'. It must be a service's name (letters, digits, '_' and '-'), or cluster/service.")]
    [InlineData("SERVICE_NAME=dev/api api", "SERVICE_NAME names the service 'api' twice.")]
    [InlineData("SERVICE_NAME=,", "SERVICE_NAME is ','. It must be at least one entry.")]
    [InlineData("-CLUSTER_NAME", "CLUSTER_NAME is not set, and the service 'api' does not say its cluster. Set it, or write cluster/api.")]
    [InlineData("CLUSTER_NAME=my cluster", "CLUSTER_NAME is 'my cluster'. It must be a cluster's name (letters, digits, '_' and '-') or its ARN.")]
    [InlineData("AWS_DEFAULT_REGION=Ireland", "AWS_DEFAULT_REGION is 'Ireland'. It must be an AWS region such as eu-west-1.")]
    [InlineData("AWS_DEFAULT_REGION=cn-north-1", "DEPLOY_ROLE_ARN is in partition aws, but region cn-north-1 is in aws-cn.")]
    [InlineData("DEPLOY_ROLE_ARN=deploy", "DEPLOY_ROLE_ARN is 'deploy'. It must be the ARN of an IAM role such as arn:aws:iam::123456789012:role/name.")]
    [InlineData("DEPLOY_ROLE_ARN=arn:aws:iam::222222222222:user/x", "DEPLOY_ROLE_ARN is 'arn:aws:iam::222222222222:user/x'. It must be the ARN of an IAM role such as arn:aws:iam::123456789012:role/name.")]
    [InlineData("AWS_OIDC_ROLE_ARN=arn:aws:iam::22:role/x", "AWS_OIDC_ROLE_ARN is 'arn:aws:iam::22:role/x'. It must be the ARN of an IAM role such as arn:aws:iam::123456789012:role/name.")]
    [InlineData("-BITBUCKET_STEP_OIDC_TOKEN", "A role is given, but the step has no OIDC token to take it with: add `oidc: true` to the step (or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).")]
    [InlineData("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not, in the same place. Keys are given together.")]
    [InlineData("AWS_SECRET_ACCESS_KEY=hunter2", "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not, in the same place. Keys are given together.")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS=", "AWS_ALLOWED_ACCOUNT_IDS is given but blank. It keeps something from happening, so it must have a value or not be there at all.")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS=$AWS_ALLOWED_ACCOUNT_IDS", "AWS_ALLOWED_ACCOUNT_IDS is given but blank. It keeps something from happening, so it must have a value or not be there at all.")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS=111111111111 12", "AWS_ALLOWED_ACCOUNT_IDS has the entry '12'. It must be an AWS account id of 12 digits.")]
    [InlineData("AWS_ALLOWED_ACCOUNT_IDS=111111111111", "DEPLOY_ROLE_ARN is in account 222222222222, which AWS_ALLOWED_ACCOUNT_IDS does not list.")]
    [InlineData("DRY_RUN=maybe", "DRY_RUN is 'maybe'. It must be true or false (yes, no, on and off are understood too).")]
    [InlineData("DRY_RUN=", "DRY_RUN is given but blank. It keeps something from happening, so it must have a value or not be there at all.")]
    [InlineData("SCAN_THRESHOLD= ", "SCAN_THRESHOLD is given but blank. It keeps something from happening, so it must have a value or not be there at all.")]
    [InlineData("SCAN_THRESHOLD=AWFUL", "SCAN_THRESHOLD is 'AWFUL'. It must be NONE or INFORMATIONAL or LOW or MEDIUM or HIGH or CRITICAL.")]
    [InlineData("ON_FAILURE=${ON_FAILURE}", "ON_FAILURE is given but blank. It keeps something from happening, so it must have a value or not be there at all.")]
    [InlineData("ON_TIMEOUT=wait", "ON_TIMEOUT is 'wait'. It must be rollback or leave.")]
    [InlineData("WAIT_TIMEOUT=0", "WAIT_TIMEOUT is '0'. It must be a whole number of minutes from 1 to 1440.")]
    [InlineData("WAIT_TIMEOUT=1h", "WAIT_TIMEOUT is '1h'. It must be a whole number of minutes from 1 to 1440.")]
    [InlineData("TAGS=-x", "TAGS has the entry '-x'. It must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-', not starting with '.' or '-'.")]
    [InlineData("TAGS=v1 env-dev-7", "TAGS has the entry 'env-dev-7'. Tags that begin with 'env-' are the registry's record of what succeeded where: only a rollout writes them.")]
    [InlineData("-BITBUCKET_COMMIT", "TAGS is not set, and there is no BITBUCKET_COMMIT to tag the image with. It must be one tag or more.")]
    [InlineData("PLATFORMS=windows/amd64", "PLATFORMS has the entry 'windows/amd64'. It must be linux/amd64 or linux/arm64.")]
    [InlineData("TASK_DEFINITION=task", "TASK_DEFINITION is 'task'. It must be live, family:<name>, <name>:<revision>, or the path of a .json, .yml or .yaml file.")]
    [InlineData("SET_ENV_VARS=A=1\nB", "SET_ENV_VARS: entry 2 is not NAME=value, with one entry a line.")]
    [InlineData("SET_ENV_VARS=A=1\nA=2", "SET_ENV_VARS sets A twice.")]
    [InlineData("SET_ENV_VARS_COUNT=x", "SET_ENV_VARS_COUNT is 'x'. It must be the number of entries, as Bitbucket sets it for an array.")]
    [InlineData("LAYER_COMPRESSION=lzma", "LAYER_COMPRESSION is 'lzma'. It must be gzip or zstd.")]
    [InlineData("BASE_IMAGE_USERNAME=me", "BASE_IMAGE_USERNAME and BASE_IMAGE_PASSWORD are given together or not at all.")]
    [InlineData("DOCKER_TARGET=app", "DOCKER_TARGET is set, but means nothing for PROJECT; it goes with DOCKERFILE.")]
    [InlineData("BEFORE_DEPLOY_TIMEOUT=5", "BEFORE_DEPLOY_TIMEOUT is set, but BEFORE_DEPLOY is not: there is no task that it would be for.")]
    [InlineData("IMAGE=1.0", "IMAGE is set, but ACTION deploy does not take it; it goes with promote.")]
    [InlineData("PROMOTE_FROM=dev", "PROMOTE_FROM is set, but ACTION deploy does not take it; it goes with promote, check.")]
    [InlineData("ROLLBACK_TO=12", "ROLLBACK_TO is set, but ACTION deploy does not take it; it goes with rollback.")]
    [InlineData("OUTPUT_DIR=../out", "OUTPUT_DIR is '../out'. It must be a folder inside the clone, such as .dotnet-ecs-deploy.")]
    [InlineData("OUTPUT_DIR=/out", "OUTPUT_DIR is '/out'. It must be a folder inside the clone, such as .dotnet-ecs-deploy.")]
    [InlineData("ENVIRONMENT=my env", "ENVIRONMENT is 'my env'. It must be an environment's name (1 to 64 letters, digits, '_', '.' and '-').")]
    [InlineData("AWS_ENDPOINT_URL=http://example.com", "AWS_ENDPOINT_URL is 'http://example.com'. It must be an https address (http only for this machine: loopback or the step's own host).")]
    [InlineData("AWS_ENDPOINT_URL_ECS=ecs", "AWS_ENDPOINT_URL_ECS is 'ecs'. It must be an https address (http only for this machine: loopback or the step's own host).")]
    [InlineData("HTTPS_PROXY=ftp://me:hunter2@proxy", "HTTPS_PROXY is wrong (its value is not shown). It must be the address of a proxy such as http://proxy.example:3128.")]
    [InlineData("PROJECT=a\u001bb", "PROJECT is 'a b'. It must be on one line.")]
    public void Each_wrong_value_is_told_with_what_it_must_be(string change, string fault) => Assert.Equal([fault], Given.With(change).Faults());

    [Theory]
    [InlineData("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AKIAIOSFODNN7EXAMPLE", "t", "AWS_ACCESS_KEY_ID is wrong (its value is not shown). It must be an access key id such as AKIAIOSFODNN7EXAMPLE; it looks as if it was swapped with AWS_SECRET_ACCESS_KEY.")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "one\ntwo", "AWS_SESSION_TOKEN is wrong (its value is not shown). It must be on one line, without blanks and letters beyond ASCII, as AWS gave it.")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFÉMI", "t", "AWS_SECRET_ACCESS_KEY is wrong (its value is not shown). It must be on one line, without blanks and letters beyond ASCII, as AWS gave it.")]
    public void Keys_that_cannot_be_keys_are_told_without_being_shown(string id, string secret, string session, string fault) =>
        Assert.Equal([fault], Given.With("-BITBUCKET_STEP_OIDC_TOKEN", $"AWS_ACCESS_KEY_ID={id}", $"AWS_SECRET_ACCESS_KEY={secret}", $"AWS_SESSION_TOKEN={session}").Faults());

    [Fact]
    public void Whatever_leads_into_an_account_that_is_not_listed_is_told_with_all_else() => Assert.Equal(
        [
            "TAGS has the entry 'bad!'. It must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '.' and '-', not starting with '.' or '-'.",
            "ECR_REPOSITORY is in account 111111111111, which AWS_ALLOWED_ACCOUNT_IDS does not list.",
            "ECR_ROLE_ARN is in account 111111111111, which AWS_ALLOWED_ACCOUNT_IDS does not list.",
        ],
        Given.With("AWS_ALLOWED_ACCOUNT_IDS=222222222222", "TAGS=bad!").Faults());

    [Theory]
    [InlineData("111111111111 333333333333", 0)]
    [InlineData("111111111111", 1)]
    public void A_cluster_by_its_ARN_lies_in_an_account_that_the_keys_may_act_in(string accounts, int faults)
    {
        var given = Given.With(
            "-BITBUCKET_STEP_OIDC_TOKEN", "-ECR_ROLE_ARN", "-DEPLOY_ROLE_ARN", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=hunter2",
            "CLUSTER_NAME=arn:aws:ecs:eu-west-1:333333333333:cluster/dev", $"AWS_ALLOWED_ACCOUNT_IDS={accounts}").Faults();

        Assert.Equal(faults, given.Count);
        Assert.All(given, fault => Assert.Contains("in account 333333333333, and only 111111111111 may be acted in", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Cluster_and_service_are_both_missed() => Assert.Equal(
        ["CLUSTER_NAME is not set. ACTION deploy needs it.", "SERVICE_NAME is not set. ACTION deploy needs it."],
        Given.With("-CLUSTER_NAME", "-SERVICE_NAME").Faults());

    [Theory]
    [InlineData("CLUSTER_NAME")]
    [InlineData("ECR_REPOSITORY")]
    public void What_is_given_as_an_array_is_not_said_to_be_missing_too(string name) => Assert.Equal(
        [$"{name} is given as an array, but takes one value. Write it without the dash: {name}: '<value>'."],
        Given.With($"-{name}", $"{name}_COUNT=1", $"{name}_0=dev", "AWS_DEFAULT_REGION=eu-west-1").Faults());

    [Fact]
    public void All_faults_come_at_once_and_end_as_settings()
    {
        var faults = Assert.Throws<InvalidSettingsException>(() => Given.With("-ECR_REPOSITORY", "WAIT=perhaps", "SERVICE_NAME=a b a/b/c").Read());

        Assert.Equal(ExitCode.Settings, faults.ExitCode);
        Assert.Equal(3, faults.Faults.Count);
        Assert.Equal(string.Join('\n', faults.Faults), faults.Message);
    }

    [Theory]
    [InlineData("SET_ENV_VARS=A=1", "SET_ENV_VARS")]
    [InlineData("UNSET_ENV_VARS=A", "UNSET_ENV_VARS")]
    [InlineData("SET_SECRETS=A=arn:aws:ssm:eu-west-1:222222222222:parameter/a", "SET_SECRETS")]
    public void A_revision_that_runs_as_it_is_takes_no_edits(string change, string name) => Assert.Equal(
        [$"{name} is set, but TASK_DEFINITION is shop:7, which runs as it is. Take {name} away, or set TASK_DEFINITION to family:shop."],
        Given.With("TASK_DEFINITION=shop:7", change).Faults());

    [Fact]
    public void A_task_after_a_rollout_needs_the_wait_for_it() => Assert.Equal(
        ["AFTER_DEPLOY is set, but WAIT is false: the task comes after the rollout, which is then not waited for. Take one of them away."],
        Given.With("AFTER_DEPLOY=check", "WAIT=false").Faults());

    [Theory]
    [InlineData("PROJECT=a", "DOCKERFILE=b", "PROJECT and DOCKERFILE are both set. An image has one source: keep one of them.")]
    [InlineData("PUBLISH_DIR=a", "IMAGE_NAME=b", "PUBLISH_DIR and IMAGE_NAME are both set. An image has one source: keep one of them.")]
    public void Two_sources_of_an_image_are_one_too_many(string first, string second, string fault) => Assert.Equal([fault], Given.With(first, second).Faults());

    [Fact]
    public void A_login_for_a_Dockerfiles_base_without_its_registry_is_a_fault() => Assert.Equal(
        ["BASE_IMAGE_USERNAME is set, but not which registry it is for. With DOCKERFILE, set BASE_IMAGE to the image that its FROM names."],
        Given.With("DOCKERFILE=a", "BASE_IMAGE_USERNAME=me", "BASE_IMAGE_PASSWORD=secret").Faults());

    [Theory]
    [InlineData("push", "CLUSTER_NAME=dev")]
    [InlineData("promote", "PROJECT=src")]
    [InlineData("promote", "ECR_CREATE=true")]
    [InlineData("rollback", "SET_ENV_VARS_COUNT=1")]
    [InlineData("setup", "TAGS=x")]
    [InlineData("status", "WAIT=true")]
    [InlineData("stop", "IMAGE=x")]
    public void A_variable_that_the_action_does_not_take_is_a_fault(string action, string change)
    {
        var fault = Assert.Single(Given.For(action).Changed(change, "SET_ENV_VARS_0=A=1").Faults());

        Assert.Contains($"ACTION {action} does not take it", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_in_no_fault_and_print_as_nothing()
    {
        var environment = Given.With("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=hunter2-hunter2", "SET_ENV_VARS=B\nPASSWORD hunter2-hunter2", "CONTEXT_SET_ENV_VARS=X=hunter2-hunter2");

        Assert.DoesNotContain("hunter2", string.Concat(environment.Faults()), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Given.With("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=hunter2-hunter2").Read().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy")]
    [InlineData("push")]
    [InlineData("promote")]
    [InlineData("rollback")]
    [InlineData("status")]
    [InlineData("check")]
    [InlineData("setup")]
    [InlineData("continue")]
    [InlineData("stop")]
    public void Each_action_has_a_request_without_faults(string action) => Assert.Empty(Given.For(action).Faults());

    [Fact]
    public void Each_variable_that_an_action_needs_is_missed()
    {
        var missed = from variable in VariableTable.All
                     from action in Enum.GetValues<PipeAction>()
                     where variable.Needed.Includes(action)
                     let faults = Given.For(action.ToString().ToLowerInvariant()).Changed("-" + variable.Name).Faults()
                     select (variable.Name, action, faults);

        Assert.All(missed, one => Assert.Contains(one.faults, fault => fault.StartsWith($"{one.Name} is not set", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_variable_may_be_blank_or_unresolved_and_counts_as_not_given_unless_it_is_a_guard()
    {
        var wrong = from variable in VariableTable.All
                    where !variable.Guard && variable.Needed == Actions.None
                    from blank in (string[])["", " ", "$" + variable.Name, "${" + variable.Name + "}"]
                    let faults = Given.With("AWS_OIDC_ROLE_ARN=arn:aws:iam::222222222222:role/x").Changed($"{variable.Name}={blank}").Faults()
                    where faults.Count > 0
                    select $"{variable.Name}='{blank}': {faults[0]}";

        Assert.Empty(wrong);
    }
}
