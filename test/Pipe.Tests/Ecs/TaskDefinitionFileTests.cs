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
    [InlineData("td.yml", "family: web", "containerDefinitions")]
    [InlineData("td.yml", "family: web\ncontainerDefinitions: [{image: a}]", "each with a name")]
    public void What_cannot_be_a_task_definition_is_refused_with_its_file(string name, string text, string says)
    {
        var fault = Assert.Throws<EcsSettingsException>(() => TaskDefinitionFile.Parse(name, text));

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }
}
