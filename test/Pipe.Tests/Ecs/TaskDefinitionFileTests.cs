using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class TaskDefinitionFileTests
{
    [Fact]
    public void Yaml_numbers_become_text_where_ecs_wants_text()
    {
        var definition = TaskDefinitionFile.Parse("td.yml", """
            family: web
            cpu: 256
            memory: "512"
            containerDefinitions:
              - name: web
                image: nginx:1
                essential: true
                portMappings: [{ containerPort: 8080 }]
                environment:
                  - { name: PORT, value: 8080 }
                  - { name: ON, value: true }
                  - { name: ZIP, value: "007" }
            tags: [{ key: team, value: shop }]
            """);

        var container = Some.Container(definition.Json, "web");
        Assert.Equal("256", (string?)definition.Json["cpu"]);
        Assert.Equal(8080, (long?)container["portMappings"]![0]!["containerPort"]);
        Assert.True((bool?)container["essential"]);
        Assert.Equal(["8080", "true", "007"], container["environment"]!.AsArray().Select(item => (string)item!["value"]!));
        Assert.Equal([new("team", "shop")], definition.Tags);
    }

    [Fact]
    public void What_ecs_wants_as_text_is_text_as_it_was_written()
    {
        var container = Some.Container(TaskDefinitionFile.Parse("td.yml", """
            family: web
            containerDefinitions:
              - name: web
                cpu: 128
                memory: 256
                command: [--port, 8080, --verbose, yes, 1.50]
                dockerLabels: { build: 7, public: true }
                environment: [{ name: ON, value: True }, { name: EMPTY, value: "" }, { name: FLOAT, value: 1.0 }]
                logConfiguration: { logDriver: awslogs, options: { awslogs-create-group: true, max-buffer-size: 25 } }
                restartPolicy: { enabled: true, ignoredExitCodes: [0, 1] }
                somethingNew: 5
            """).Json, "web");

        Assert.Equal(
            """
            {"name":"web","cpu":128,"memory":256,"command":["--port","8080","--verbose","yes","1.50"],"dockerLabels":{"build":"7","public":"true"},
            "environment":[{"name":"ON","value":"True"},{"name":"EMPTY","value":""},{"name":"FLOAT","value":"1.0"}],
            "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-create-group":"true","max-buffer-size":"25"}},
            "restartPolicy":{"enabled":true,"ignoredExitCodes":[0,1]},"somethingNew":5}
            """.ReplaceLineEndings(""),
            container.ToJsonString());
    }

    [Fact]
    public void Json_that_gives_numbers_where_ecs_wants_text_is_mended_too()
    {
        var definition = TaskDefinitionFile.Parse("td.json", """{"family":"web","cpu":256,"containerDefinitions":[{"name":"web","cpu":1,"command":["a",5,true]}],"tags":[{"key":"build","value":7}]}""");

        Assert.Equal("""{"family":"web","cpu":"256","containerDefinitions":[{"name":"web","cpu":1,"command":["a","5","true"]}],"tags":[{"key":"build","value":"7"}]}""", definition.Json.ToJsonString());
        Assert.Equal("7", definition.Tag("build"));
    }

    [Fact]
    public void Merged_mappings_count_behind_a_containers_own_members()
    {
        var definition = TaskDefinitionFile.Parse("td.yml", """
            family: web
            containerDefinitions:
              - &base { name: web, image: "nginx:1", essential: true }
              - { <<: *base, name: side, essential: false }
            """);

        Assert.Equal("""{"name":"side","essential":false,"image":"nginx:1"}""", Some.Container(definition.Json, "side").ToJsonString());
    }

    [Fact]
    public void A_saved_answer_of_describe_is_taken_too()
    {
        var definition = TaskDefinitionFile.Parse("td.json", Some.Answer.ToJsonString());

        Assert.Equal("web", definition.Family);
        Assert.Equal("shop", definition.Tag("team"));
    }

    [Theory]
    [InlineData("td.json", "{", "Cannot read")]
    [InlineData("td.yml", "a: [", "Cannot read")]
    [InlineData("td.json", "[]", "not an object")]
    [InlineData("td.yml", "containerDefinitions: [{name: a}]", "no family")]
    [InlineData("td.json", """{"family":"a","family":"b"}""", "Cannot read")]
    [InlineData("td.yml", "family: web\n<<: 5", "line 2: << merges mappings only")]
    [InlineData("td.yml", "? [a]\n: b", "a key must be a word")]
    [InlineData("td.yml", "a: &a\n  b: *a", "Cannot read")]
    [InlineData("td.yml", "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d]", "too large")]
    [InlineData("td.yml", "family: web", "containerDefinitions")]
    [InlineData("td.yml", "family: web\ncontainerDefinitions: [{image: a}]", "each with a name")]
    public void What_cannot_be_a_task_definition_is_refused_with_its_file(string name, string text, string says)
    {
        var fault = Assert.Throws<EcsSettingsException>(() => TaskDefinitionFile.Parse(name, text));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere.json", "there is no such file")]
    [InlineData("no/where.json", "there is no such file")]
    [InlineData("folder.json", "it is a folder")]
    [InlineData("../outside.json", "it lies outside the clone")]
    [InlineData("/etc/outside.json", "it lies outside the clone")]
    public void A_file_that_cannot_be_read_is_named_with_the_variable(string path, string why)
    {
        var clone = Directory.CreateTempSubdirectory("task-definition-file");
        try
        {
            clone.CreateSubdirectory("folder.json");

            var fault = Assert.Throws<EcsSettingsException>(() => TaskDefinitionFile.Read(clone.FullName, path));

            Assert.Contains($"TASK_DEFINITION is '{path}', which cannot be read in {clone.FullName}: {why}", fault.Message, StringComparison.Ordinal);
            Assert.Equal(EcsDeploy.ExitCode.Settings, fault.ExitCode);
        }
        finally
        {
            clone.Delete(recursive: true);
        }
    }
}
