using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

public sealed class ReadingTests
{
    [Fact]
    public void A_plain_request_has_the_documented_defaults()
    {
        var settings = Given.For().Read();

        Assert.Equal(PipeAction.Deploy, settings.Action);
        Assert.Equal(("shop", "7", "/clone"), (settings.Bitbucket.RepositorySlug, settings.Bitbucket.BuildNumber, settings.Bitbucket.CloneDirectory));
        Assert.Equal(("eu-west-1", "shop-7"), (settings.Identity.Region, settings.Identity.SessionName));
        Assert.Equal(["111111111111", "222222222222"], settings.Identity.AllowedAccounts.Select(account => account.Text));
        Assert.Equal(["0123456789abcdef0123456789abcdef01234567"], settings.Registry!.Tags.Select(tag => tag.Text));
        var project = Assert.IsType<ImageSource.Project>(settings.Source);
        Assert.Null(project.Path);
        Assert.Equal(("Release", true, LayerCompression.Gzip), (project.Configuration, project.Reproducible, project.Layers.Compression));
        Assert.Equal(["linux/amd64"], project.Platforms.Select(platform => platform.ToString()));
        var service = Assert.Single(settings.Services);
        Assert.Equal(("dev", "api", new TaskDefinitionSource.Live()), (service.Cluster, service.Name, service.TaskDefinition));
        Assert.Equal((true, TimeSpan.FromMinutes(30), false), (settings.Rollout.Wait, settings.Rollout.Timeout, settings.Rollout.TimeoutGiven));
        Assert.Equal((AfterTrouble.Rollback, AfterTrouble.Leave, AfterTrouble.Leave), (settings.Rollout.OnFailure, settings.Rollout.OnTimeout, settings.Rollout.OnCancel));
        Assert.Equal((false, false, true, ".dotnet-ecs-deploy"), (settings.DryRun, settings.Debug, settings.Report, settings.OutputDirectory));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("YES", true)]
    [InlineData(" on ", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("Off", false)]
    public void Flags_are_read_in_every_spelling(string text, bool value) => Assert.Equal(value, Given.With("DRY_RUN=" + text).Read().DryRun);

    [Theory]
    [InlineData("TAGS=a b", "a|b")]
    [InlineData("TAGS=a,b", "a|b")]
    [InlineData("TAGS=a\n b \n\n", "a|b")]
    [InlineData("TAGS=a a", "a")]
    public void Tags_are_parted_at_lines_commas_and_blanks(string change, string tags) =>
        Assert.Equal(tags, string.Join('|', Given.With(change).Read().Registry!.Tags.Select(tag => tag.Text)));

    [Fact]
    public void An_array_of_Bitbucket_is_a_list()
    {
        var settings = Given.With("PUBLISH_ARGS_COUNT=2", "PUBLISH_ARGS_0=-p:A=b c, d", "PUBLISH_ARGS_1=--verbosity", "SET_ENV_VARS_COUNT=1", "SET_ENV_VARS_0=MOTD=one\ntwo").Read();

        Assert.Equal(["-p:A=b c, d", "--verbosity"], ((ImageSource.Project)settings.Source!).PublishArguments);
        Assert.Equal(new("MOTD", "one\ntwo"), Assert.Single(settings.Services[0].SetEnvironment));
    }

    [Fact]
    public void Pairs_are_never_parted_at_commas_or_blanks()
    {
        var pairs = Given.With("SET_ENV_VARS=A=1, 2 3\nB==\nC=").Read().Services[0].SetEnvironment;

        Assert.Equal([new("A", "1, 2 3"), new("B", "="), new("C", "")], pairs);
    }

    [Theory]
    [InlineData("SERVICE_NAME=api worker", "dev/api dev/worker")]
    [InlineData("SERVICE_NAME=prod/api\nworker", "prod/api dev/worker")]
    public void Several_services_may_be_rolled(string change, string services) =>
        Assert.Equal(services, string.Join(' ', Given.With(change).Read().Services.Select(service => $"{service.Cluster}/{service.Name}")));

    [Theory]
    [InlineData("live", "Live { }")]
    [InlineData("family:api", "Family { Name = api }")]
    [InlineData("api:12", "Revision { NameAndRevision = api:12 }")]
    [InlineData("deploy/task.yml", "File { Path = deploy/task.yml }")]
    public void A_task_definition_comes_from_four_places(string text, string source) =>
        Assert.Equal(source, Given.With("TASK_DEFINITION=" + text).Read().Services[0].TaskDefinition.ToString());

    [Theory]
    [InlineData("PUBLISH_DIR=out", typeof(ImageSource.PublishedFolder))]
    [InlineData("DOCKERFILE=Dockerfile", typeof(ImageSource.Dockerfile))]
    [InlineData("IMAGE_NAME=shop:dev", typeof(ImageSource.DockerImage))]
    [InlineData("IMAGE_ARCHIVE=shop.tar", typeof(ImageSource.Archive))]
    public void An_image_comes_from_one_source(string change, Type source) => Assert.IsType(source, Given.With(change).Read().Source);

    [Fact]
    public void A_Dockerfile_may_be_built_upon_an_image_that_wants_a_login()
    {
        var source = Assert.IsType<ImageSource.Dockerfile>(
            Given.With("DOCKERFILE=a", "BASE_IMAGE=private.example/base:1", "BASE_IMAGE_USERNAME=me", "BASE_IMAGE_PASSWORD=secret").Read().Source);

        Assert.Equal(("private.example/base:1", "me", "secret"), (source.BaseImage, source.BaseLogin?.UserName, source.BaseLogin?.Password.Reveal()));
    }

    [Fact]
    public void A_login_that_the_workspace_has_for_other_steps_is_left_alone_by_a_Dockerfile()
    {
        var settings = Given.With("DOCKERFILE=a", "CONTEXT_BASE_IMAGE_USERNAME=me", "CONTEXT_BASE_IMAGE_PASSWORD=secret").Read();

        Assert.Null(Assert.IsType<ImageSource.Dockerfile>(settings.Source).BaseImage);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("from:dev", "from:dev")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000", "sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_promotion_takes_what_is_there(string? image, string? reference)
    {
        var environment = Given.For("promote").Changed("PROMOTE_FROM=dev");
        if (image is not null)
        {
            environment["IMAGE"] = image;
        }

        var settings = environment.Read();

        Assert.Equal(reference, Assert.IsType<ImageSource.Existing>(settings.Source).Reference);
        Assert.Equal("dev", settings.PromoteFrom);
        Assert.Empty(settings.Registry!.Tags);
    }

    [Fact]
    public void In_a_pull_request_the_tag_names_it() =>
        Assert.Equal("pr-12-0123456789abcdef0123456789abcdef01234567", Given.With("BITBUCKET_PR_ID=12").Read().Registry!.Tags[0].Text);

    [Fact]
    public void The_environment_is_Bitbuckets_unless_given()
    {
        Assert.Equal("staging", Given.With("BITBUCKET_DEPLOYMENT_ENVIRONMENT=staging").Read().Environment);
        Assert.Equal("other", Given.With("BITBUCKET_DEPLOYMENT_ENVIRONMENT=staging", "ENVIRONMENT=other").Read().Environment);
    }

    [Fact]
    public void The_context_fills_in_what_the_step_does_not_say()
    {
        var settings = Given.With("-DEPLOY_ROLE_ARN", "CONTEXT_DEPLOY_ROLE_ARN=arn:aws:iam::333333333333:role/deploy", "CONTEXT_AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION}").Read();

        Assert.Equal("333333333333", settings.Identity.DeployRole!.Account);
        Assert.Equal("eu-west-1", settings.Identity.Region);
        Assert.Empty(settings.Remarks);
    }

    [Fact]
    public void Where_step_and_context_differ_the_step_wins_and_the_log_says_so()
    {
        var settings = Given.With("AWS_DEFAULT_REGION=eu-west-1", "CONTEXT_AWS_DEFAULT_REGION=us-east-1").Read();

        Assert.Equal("eu-west-1", settings.Identity.Region);
        Assert.Equal(["AWS_DEFAULT_REGION: 'eu-west-1' of the step is used; the context has 'us-east-1'"], settings.Remarks);
    }

    [Fact]
    public void Guards_are_not_read_from_the_context() => Assert.False(Given.With("CONTEXT_DRY_RUN=true").Read().DryRun);

    [Fact]
    public void What_the_context_has_for_other_actions_is_no_fault() => Assert.Empty(Given.For("push").Changed("CONTEXT_CLUSTER_NAME=dev", "CONTEXT_IMAGE=x").Faults());

    [Fact]
    public void Keys_of_the_step_are_not_completed_by_the_context()
    {
        var fault = Assert.Single(Given.With("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "CONTEXT_AWS_SECRET_ACCESS_KEY=x-x-x-x-x-x-x").Faults());

        Assert.Contains("AWS_SECRET_ACCESS_KEY is not, in the same place", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_services_are_read_as_every_SDK_does()
    {
        var network = Given.With("AWS_ENDPOINT_URL=http://127.0.0.1:4000", "AWS_ENDPOINT_URL_ECS=http://10.1.2.3:4001", "BITBUCKET_DOCKER_HOST_INTERNAL=10.1.2.3", "HTTPS_PROXY=proxy:3128", "NO_PROXY=a.example,b.example").Read().Network;

        Assert.Equal(("http://10.1.2.3:4001/", "http://127.0.0.1:4000/"), (network.EndpointOf("ecs")!.ToString(), network.EndpointOf("sts")!.ToString()));
        Assert.Equal("http://proxy:3128/", network.HttpsProxy!.ToString());
        Assert.Equal(["a.example", "b.example"], network.NoProxy);
    }

    [Theory]
    [InlineData("a-very-long-repository-slug-that-goes-on-and-on-until-it-no-longer-fits-at-all", "123456", 64)]
    [InlineData("shop & co", "1", 11)]
    [InlineData("", "", 17)]
    public void Sessions_are_named_as_STS_allows(string slug, string build, int length)
    {
        var name = Given.With("BITBUCKET_REPO_SLUG=" + slug, "BITBUCKET_BUILD_NUMBER=" + build).Read().Identity.SessionName;

        Assert.Matches(@"^[\w+=,.@-]{2,64}$", name);
        Assert.Equal(length, name.Length);
        Assert.EndsWith(build, name, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_stands_in_the_table_once()
    {
        var names = typeof(VariableNames).GetFields().Where(field => field.IsLiteral && field.Name != nameof(VariableNames.ContextPrefix)).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Empty(names.Except(VariableTable.All.Select(variable => variable.Name)));
        Assert.Equal(VariableTable.All.Count, VariableTable.All.Select(variable => variable.Name).Distinct().Count());
    }

    [Fact]
    public void Every_key_of_the_config_file_stands_for_one_setting() =>
        Assert.Equal((ConfigKeys.All.Count, ConfigKeys.All.Count), (ConfigKeys.All.Select(key => key.Name).Distinct().Count(), ConfigKeys.All.Select(key => key.Setting).Distinct().Count()));
}
