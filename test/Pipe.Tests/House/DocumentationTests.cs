using System.Text.RegularExpressions;
using EcsDeploy;
using EcsDeploy.Images;
using EcsDeploy.Settings;
using Pipe.Tests.Settings;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Pipe.Tests.House;

/// <summary>What users read says what the code does.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Readme = Read("README.md");

    [Fact]
    public void The_readme_lists_every_variable_in_the_codes_order()
    {
        var listed = Section("## Variables", "### Which action").Select(line => VariableRow().Match(line)).Where(row => row.Success).Select(row => row.Groups["name"].Value);

        Assert.Equal(VariableTable.All.Select(variable => variable.Name), listed);
    }

    [Fact]
    public void The_readme_marks_exactly_what_is_not_built()
    {
        var marked = Section("## Variables", "### Which action")
            .Where(line => line.Contains("_Not in this version._", StringComparison.Ordinal))
            .Select(line => VariableRow().Match(line).Groups["name"].Value);

        Assert.Equal(NotBuilt.Variables.Order(StringComparer.Ordinal), marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_readmes_table_of_actions_is_the_codes() =>
        Assert.Equal(ActionTable(), Section("### Which action", "## Prerequisites").Where(line => line.StartsWith('|')));

    [Fact]
    public void The_readme_lists_every_exit_code()
    {
        var listed = Section("## Exit codes", "## Questions").Select(line => ExitRow().Match(line)).Where(row => row.Success).Select(row => int.Parse(row.Groups["code"].Value, null));

        Assert.Equal(Enum.GetValues<ExitCode>().Select(code => (int)code), listed);
    }

    [Fact]
    public void The_readmes_publish_line_is_the_one_that_gives_the_same_image() =>
        Assert.Contains($"- {ContainerQuery.PublishLine("src/Shop.Web", "Release", ".publish/app")}\n", Readme, StringComparison.Ordinal);

    [Theory]
    [InlineData("deploy", "dev", "dev/api plain 0, dev/worker  0")]
    [InlineData("promote", "production", "production/api loud 3, production/worker  0")]
    public void The_readmes_config_file_is_one_that_the_pipe_reads(string action, string environment, string expected)
    {
        var file = Readme[Readme.IndexOf("### Several environments", StringComparison.Ordinal)..].Split("```")[1]["yaml\n".Length..];
        var given = Given.For(action).Changed("-ECR_REPOSITORY", "-ECR_ROLE_ARN", "-DEPLOY_ROLE_ARN", "-CLUSTER_NAME", "-SERVICE_NAME", "SERVICES=all", "API_MODE=loud", $"ENVIRONMENT={environment}");

        var settings = SettingsReader.Read(given, "/work", new ConfigText("ecs-deploy.yml", file));

        Assert.Equal(expected, string.Join(", ", settings.Services.Select(service =>
            $"{service.Cluster}/{service.Name} {service.SetEnvironment.SingleOrDefault().Value} {service.DesiredCount ?? 0}")));
        Assert.Equal(environment == "production" ? "dev" : null, settings.PromoteFrom);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("examples/shop/bitbucket-pipelines.yml")]
    public void Every_variable_in_an_example_is_one_that_the_pipe_takes(string file)
    {
        var used = PipeVariable().Matches(Read(file)).Select(match => match.Groups["name"].Value).Distinct();

        Assert.Empty(used.Except(VariableTable.All.Select(variable => variable.Name)));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("examples/shop/bitbucket-pipelines.yml")]
    [InlineData("pipe.yml")]
    public void Every_version_in_an_example_is_the_one_that_is_built(string file)
    {
        var version = Regex.Match(Read("pipe/pipe.csproj"), "<Version>(.+)</Version>").Groups[1].Value;
        var named = ImageVersion().Matches(Read(file)).Select(match => match.Groups["version"].Value).Distinct();

        Assert.Equal([version], named);
    }

    [Fact]
    public void What_pipe_yml_takes_from_the_context_is_handed_over_under_its_own_name_and_is_no_guard()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Read("pipe.yml")));
        var variables = (YamlSequenceNode)((YamlMappingNode)yaml.Documents[0].RootNode)["variables"];

        Assert.All(variables.Cast<YamlMappingNode>(), entry =>
        {
            var name = entry["name"].ToString();
            Assert.StartsWith(VariableNames.ContextPrefix, name, StringComparison.Ordinal);
            var variable = VariableTable.Of(name[VariableNames.ContextPrefix.Length..]);
            Assert.False(variable.Guard, $"{variable.Name} is a guard.");
            Assert.Equal($"${{{variable.Name}}}", entry["default"].ToString());
        });
    }

    [Fact]
    public void The_readme_lists_what_pipe_yml_takes_from_the_context()
    {
        var handed = ContextVariable().Matches(Read("pipe.yml")).Select(match => match.Groups["name"].Value);
        var paragraph = Section("A variable that the step does not set", "Any other is handed over").TakeWhile(line => line.Length > 0).ToList();

        Assert.Equal(handed, Quoted().Matches(string.Join('\n', paragraph).Split("Any other")[0]).Select(match => match.Groups["name"].Value));
    }

    private static IEnumerable<string> ActionTable()
    {
        var actions = Enum.GetValues<PipeAction>();
        yield return $"| Variable | {string.Join(" | ", actions.Select(action => action.ToString().ToLowerInvariant()))} |";
        yield return $"| --- |{string.Concat(actions.Select(_ => " --- |"))}";
        foreach (var variable in VariableTable.All)
        {
            yield return $"| {variable.Name} | {string.Join(" | ", actions.Select(action => Word(variable, action)))} |";
        }
    }

    private static string Word(Variable variable, PipeAction action) =>
        variable.Needed.Includes(action) ? "needed" : variable.Taken.Includes(action) ? "yes" : "–";

    private static IEnumerable<string> Section(string from, string to) =>
        Readme.Split('\n').SkipWhile(line => !line.StartsWith(from, StringComparison.Ordinal)).TakeWhile(line => !line.StartsWith(to, StringComparison.Ordinal));

    private static string Read(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, file));

    [GeneratedRegex(@"^\| (?<name>[A-Z][A-Z_]+)( \(\*\))? \|", RegexOptions.ExplicitCapture)]
    private static partial Regex VariableRow();

    [GeneratedRegex(@"- name: CONTEXT_(?<name>[A-Z_]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ContextVariable();

    [GeneratedRegex(@"`(?<name>[A-Z_]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| (?<code>\d+) \|", RegexOptions.ExplicitCapture)]
    private static partial Regex ExitRow();

    [GeneratedRegex(@"^ +(# )?(?<name>[A-Z][A-Z_]+): '", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex PipeVariable();

    [GeneratedRegex(@"dotnet-ecs-deploy/dotnet-ecs-deploy:(?<version>\d+\.\d+\.\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ImageVersion();
}
