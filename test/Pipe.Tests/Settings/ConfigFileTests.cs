using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

public sealed class ConfigFileTests
{
    private const string Shop = """
        registry: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop
        wait-timeout: 20
        services:
          api:      { project: src/Shop.Api, before-deploy: [migrate], cpu: 512, set-env-vars: { MODE: plain } }
          worker:   { image-of: api, command: [worker] }
        environments:
          dev:        { account: "222222222222", role: arn:aws:iam::222222222222:role/deploy, cluster: dev }
          production:
            account: "333333333333"
            role: arn:aws:iam::333333333333:role/deploy
            cluster: prod
            promote-from: dev
            services:
              api: { set-env-vars: { MODE: "${MODE}" }, desired-count: 3, service: shop-api }
        """;

    [Fact]
    public void A_deploy_takes_its_environment_and_all_its_services()
    {
        var settings = Read(Shop, "BITBUCKET_DEPLOYMENT_ENVIRONMENT=dev", "SERVICES=all");

        Assert.Equal("222222222222", settings.Identity.DeployRole!.Account);
        Assert.Equal(["222222222222", "111111111111"], settings.Identity.AllowedAccounts.Select(account => account.Text));
        Assert.Equal(TimeSpan.FromMinutes(20), settings.Rollout.Timeout);
        Assert.Equal("src/Shop.Api", Assert.IsType<ImageSource.Project>(settings.Source).Path);
        Assert.Equal(["dev/api", "dev/worker"], settings.Services.Select(service => $"{service.Cluster}/{service.Name}"));
        Assert.Equal(["migrate"], settings.Services[0].BeforeDeploy!.Arguments);
        Assert.Equal(("512", null), (settings.Services[0].Cpu, settings.Services[1].Cpu));
        Assert.Equal(["worker"], settings.Services[1].Command!);
        Assert.Equal("dev", settings.Environment);
    }

    [Fact]
    public void The_nearest_level_wins_and_variables_are_filled_in()
    {
        var settings = Read(Shop, "ENVIRONMENT=production", "SERVICES=api", "ACTION=promote", "MODE=a, b");

        var service = Assert.Single(settings.Services);
        Assert.Equal(("prod", "shop-api", 3), (service.Cluster, service.Name, service.DesiredCount));
        Assert.Equal([new("MODE", "a, b")], service.SetEnvironment);
        Assert.Equal("dev", settings.PromoteFrom);
    }

    [Fact]
    public void A_step_that_differs_from_the_file_wins_and_the_log_says_so()
    {
        var settings = Read(Shop, "ENVIRONMENT=dev", "SERVICES=api", "CLUSTER_NAME=other", "CONTEXT_AWS_DEFAULT_REGION=eu-west-1", "CONTEXT_ECR_REPOSITORY=999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop");

        Assert.Equal("other", settings.Services[0].Cluster);
        Assert.Equal("111111111111", settings.Registry!.Repository.Account.Text);
        Assert.Contains("CLUSTER_NAME: 'other' of the step is used; ecs-deploy.yml line 7 has 'dev'", settings.Remarks);
        Assert.Contains("ECR_REPOSITORY: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop' of ecs-deploy.yml line 1 is used; the context has '999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop'", settings.Remarks);
    }

    [Fact]
    public void A_revision_that_runs_as_it_is_takes_nothing_of_the_file_either() => Assert.Equal(
        ["cpu is set, but TASK_DEFINITION is shop:7, which runs as it is. Take cpu away, or set TASK_DEFINITION to family:shop.",
         "memory is set, but TASK_DEFINITION is shop:7, which runs as it is. Take memory away, or set TASK_DEFINITION to family:shop.",
         "command is set, but TASK_DEFINITION is shop:7, which runs as it is. Take command away, or set TASK_DEFINITION to family:shop.",
         "log-options is set, but TASK_DEFINITION is shop:7, which runs as it is. Take log-options away, or set TASK_DEFINITION to family:shop."],
        Faults(Shop.Replace("command: [worker]", "command: [worker], cpu: 512, memory: 1024, log-options: { mode: non-blocking }", StringComparison.Ordinal), "ENVIRONMENT=dev", "SERVICES=worker", "TASK_DEFINITION=shop:7"));

    [Fact]
    public void An_environment_that_takes_promotions_only_refuses_a_deploy() => Assert.Equal(
        ["This environment takes only what succeeded in 'dev' (ecs-deploy.yml line 12), so nothing new can be deployed to it. Use ACTION promote."],
        Faults(Shop, "ENVIRONMENT=production", "SERVICES=api", "MODE=x"));

    [Theory]
    [InlineData("clustr: dev", "ecs-deploy.yml line 1, column 1: 'clustr' is not a key of the file's top. Is 'cluster' meant?")]
    [InlineData("services: { shop: { container-name: web } }", "ecs-deploy.yml line 1, column 21: 'container-name' is not a key of a service. Is 'container' meant?")]
    [InlineData("promote-from: dev", "ecs-deploy.yml line 1, column 1: 'promote-from' is not a key of the file's top.")]
    [InlineData("cluster: [a]", "ecs-deploy.yml line 1, column 10: cluster must be a single value.")]
    [InlineData("cluster:\nwait: true", "ecs-deploy.yml line 1, column 9: cluster has no value. Give it one, or leave the key out.")]
    [InlineData("wait: perhaps", "ecs-deploy.yml line 1, column 7: wait is 'perhaps'. It must be true or false (yes, no, on and off are understood too).")]
    [InlineData("wait-timeout: long", "ecs-deploy.yml line 1, column 15: wait-timeout is 'long'. It must be a whole number.")]
    [InlineData("tags: [[a]]", "ecs-deploy.yml line 1, column 8: tags must be a list of single values.")]
    [InlineData("set-env-vars: [A=1]", "ecs-deploy.yml line 1, column 15: set-env-vars must be a mapping of names to values.")]
    [InlineData("set-env-vars: A=1", "ecs-deploy.yml line 1, column 15: set-env-vars must be a mapping of names to values.")]
    [InlineData("services: [api]", "ecs-deploy.yml line 1, column 11: services must be a mapping of names to settings.")]
    [InlineData("services:\n  api: yes", "ecs-deploy.yml line 2, column 8: api must be a mapping of settings.")]
    [InlineData("services:\n  a/b: {}", "ecs-deploy.yml line 2, column 3: 'a/b' must be a name of 1 to 64 letters, digits, '_', '.' and '-'.")]
    [InlineData("- a", "ecs-deploy.yml must be one mapping with keys such as registry, services and environments.")]
    [InlineData("<<: 3", "ecs-deploy.yml line 1, column 1: << merges mappings only.")]
    public void What_is_wrong_is_told_with_line_and_column(string text, string fault) => Assert.Equal([fault], Faults(text));

    [Theory]
    [InlineData("a: [}", 1)]
    [InlineData("cluster: a\ncluster: b", 2)]
    [InlineData("cluster: *unknown", 1)]
    public void What_is_no_proper_YAML_is_told_with_its_line(string text, int line) =>
        Assert.StartsWith($"ecs-deploy.yml line {line}, column ", Assert.Single(Faults(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("ENVIRONMENT=qa", "SERVICES=all", "The environment 'qa' is not in ecs-deploy.yml. It has dev, production.")]
    [InlineData("SERVICES=all", "MODE=x", "ENVIRONMENT is not set, and the step has no deployment. ecs-deploy.yml has the environments dev, production.")]
    [InlineData("ENVIRONMENT=dev", "SERVICES=api web", "SERVICES names 'web', which is not in ecs-deploy.yml. It has api, worker.")]
    [InlineData("ENVIRONMENT=dev", "MODE=x", "SERVICES is not set. ecs-deploy.yml has the services api, worker: name some, or all.")]
    public void A_choice_that_the_file_does_not_have_is_told_with_what_it_has_and_nothing_is_called_missing(string first, string second, string fault)
    {
        var faults = Faults(Shop, first, second);

        Assert.Contains(fault, faults);
        Assert.DoesNotContain(faults, other => other.EndsWith("needs it.", StringComparison.Ordinal));
    }

    // The file knows ${NAME} alone; what begins with a dollar sign otherwise, or is written $${NAME}, stands there on purpose.
    [Fact]
    public void A_dollar_sign_in_a_list_of_the_file_is_its_own()
    {
        var settings = Read(
            """
            registry: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop
            cluster: dev
            services:
              api: { project: src/Api, before-deploy: [sh, "$${RUN}", $HOME] }
            """,
            "SERVICES=api");

        Assert.Equal(["sh", "${RUN}", "$HOME"], settings.Services[0].BeforeDeploy!.Arguments);
    }

    [Fact]
    public void Services_of_different_images_are_not_rolled_in_one_run()
    {
        var text = "registry: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop\ncluster: dev\nservices:\n  api: { project: a }\n  web: { project: b }";

        Assert.StartsWith("The services api and web have images of their own", Assert.Single(Faults(text, "SERVICES=all")), StringComparison.Ordinal);
        Assert.Empty(Faults(text, "SERVICES=web"));
    }

    [Fact]
    public void Anchors_aliases_and_merges_work()
    {
        var settings = Read(
            """
            registry: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop
            services:
              api: &common { project: src/Api, cluster: dev, before-deploy: [migrate] }
              web: { <<: *common, cluster: other, image-of: api }
            """,
            "SERVICES=web");

        Assert.Equal(("other", "web"), (settings.Services[0].Cluster, settings.Services[0].Name));
        Assert.Equal(["migrate"], settings.Services[0].BeforeDeploy!.Arguments);
    }

    [Fact]
    public void A_variable_of_this_environment_must_be_set() =>
        Assert.Contains("ecs-deploy.yml line 14, column 36: the variable MODE is not set. Pass it to the pipe, or write $${MODE} for the text itself.", Faults(Shop, "ENVIRONMENT=production", "SERVICES=api", "ACTION=promote"));

    [Fact]
    public void An_escaped_variable_is_text() =>
        Assert.Equal("${HOME}", Read("set-env-vars: { A: '$${HOME}' }", "ECR_REPOSITORY=" + Given.Repository, "CLUSTER_NAME=c", "SERVICE_NAME=s").Services[0].SetEnvironment[0].Value);

    [Fact]
    public void What_only_the_file_may_say_is_not_read_from_the_environment() =>
        Assert.Null(Given.With("cpu=1", "account=222222222222", "desired-count=9").Read().Services[0].Cpu);

    [Fact]
    public void The_editors_schema_is_the_codes()
    {
        var path = Path.Combine(House.SourceTree.Root, "docs", "ecs-deploy.schema.json");

        Assert.Equal(ConfigSchema.Write(), File.ReadAllText(path));
    }

    [Fact]
    public void The_file_is_found_in_the_clone_and_a_named_one_must_be_there()
    {
        var folder = Directory.CreateTempSubdirectory("config-");
        try
        {
            var environment = new Dictionary<string, string>();
            Assert.Null(ConfigText.Find(environment, folder.FullName));

            File.WriteAllText(Path.Combine(folder.FullName, "ecs-deploy.yml"), "cluster: dev");
            Assert.Equal(new ConfigText("ecs-deploy.yml", "cluster: dev"), ConfigText.Find(environment, folder.FullName));

            environment["CONFIG_FILE"] = "other.yml";
            Assert.Throws<InvalidSettingsException>(() => ConfigText.Find(environment, folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PipeSettings Read(string text, params string[] changes) => SettingsReader.Read(Environment(changes), "/work", new ConfigText("ecs-deploy.yml", text));

    private static IReadOnlyList<string> Faults(string text, params string[] changes)
    {
        try
        {
            Read(text, changes);
            return [];
        }
        catch (InvalidSettingsException faults)
        {
            return faults.Faults;
        }
    }

    private static Dictionary<string, string> Environment(string[] changes) =>
        Given.With("-ECR_REPOSITORY", "-CLUSTER_NAME", "-SERVICE_NAME", "-DEPLOY_ROLE_ARN", "-ACTION").Changed(changes);
}
