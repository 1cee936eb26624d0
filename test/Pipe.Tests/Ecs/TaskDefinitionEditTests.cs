using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class TaskDefinitionEditTests
{
    [Fact]
    public void The_nine_fields_that_only_answers_carry_are_dropped()
    {
        var input = Edit(Some.Settings);

        Assert.Equal(9, TaskDefinitionEdit.AnswerOnly.Count);
        Assert.DoesNotContain(input, member => TaskDefinitionEdit.AnswerOnly.Contains(member.Key));
    }

    [Fact]
    public void Fields_that_no_model_knows_survive_nested_ones_too()
    {
        var input = Edit(Some.Settings);

        Assert.Equal(3, (int?)input["quantumMode"]!["qubits"]);
        Assert.Equal("yes", (string?)Some.Container(input, "web")["sparkle"]);
    }

    [Fact]
    public void Nulls_are_stripped_and_empty_environment_values_stay()
    {
        var input = Edit(Some.Settings);

        Assert.False(input["quantumMode"]!.AsObject().ContainsKey("gone"));
        Assert.Equal("", Value(input, "environment", "EMPTY", "value"));
    }

    [Fact]
    public void Only_the_chosen_container_gets_the_image()
    {
        var input = Edit(Some.Settings);

        Assert.Equal(Some.Image, (string?)Some.Container(input, "web")["image"]);
        Assert.Equal("public.ecr.aws/envoy:1", (string?)Some.Container(input, "sidecar")["image"]);
    }

    [Fact]
    public void Variables_are_set_in_their_place_added_and_removed()
    {
        var input = Edit(Some.Settings with
        {
            SetEnvironment = [new("LEVEL", "debug"), new("NEW", "a=b")],
            UnsetEnvironment = ["EMPTY"],
        });

        Assert.Equal(["LEVEL", "NEW"], Some.Container(input, "web")["environment"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Equal("debug", Value(input, "environment", "LEVEL", "value"));
        Assert.Equal("a=b", Value(input, "environment", "NEW", "value"));
    }

    [Fact]
    public void A_name_moves_between_environment_and_secrets_and_never_stands_in_both()
    {
        var input = Edit(Some.Settings with { SetEnvironment = [new("DB", "local")], SetSecrets = [new("LEVEL", "arn:secret")] });

        Assert.Equal("local", Value(input, "environment", "DB", "value"));
        Assert.Equal("arn:secret", Value(input, "secrets", "LEVEL", "valueFrom"));
        Assert.Null(Value(input, "secrets", "DB", "valueFrom"));
        Assert.Null(Value(input, "environment", "LEVEL", "value"));
    }

    [Fact]
    public void Tags_are_carried_without_those_of_aws_and_say_where_the_revision_comes_from()
    {
        var input = Edit(Some.Settings);

        var tags = input["tags"]!.AsArray().ToDictionary(tag => (string)tag!["key"]!, tag => (string)tag!["value"]!);
        Assert.Equal(new() { ["team"] = "shop", ["commit"] = "abcdefabcdefabcdef", ["build"] = "12" }, tags);
    }

    [Fact]
    public void Without_any_tag_there_is_no_empty_list_of_tags()
    {
        var bare = new TaskDefinition(Some.Definition.Json, []);

        var input = TaskDefinitionEdit.Apply(bare, Some.Settings, ["web"], null, new Dictionary<string, string>());

        Assert.False(input.ContainsKey("tags"));
    }

    [Fact]
    public void Size_command_and_log_options_come_from_the_config_file()
    {
        var input = Edit(Some.Settings with
        {
            Cpu = "1024",
            Memory = "2048",
            Command = ["worker", "--fast"],
            LogOptions = new Dictionary<string, string> { ["mode"] = "non-blocking" },
        });

        Assert.Equal("1024", (string?)input["cpu"]);
        Assert.Equal("2048", (string?)input["memory"]);
        Assert.Equal(["worker", "--fast"], Some.Container(input, "web")["command"]!.AsArray().Select(item => (string)item!));
        Assert.Equal("/web", (string?)Some.Container(input, "web")["logConfiguration"]!["options"]!["awslogs-group"]);
        Assert.Equal("non-blocking", (string?)Some.Container(input, "web")["logConfiguration"]!["options"]!["mode"]);
    }

    [Fact]
    public void What_was_read_is_not_changed()
    {
        var definition = Some.Definition;

        TaskDefinitionEdit.Apply(definition, Some.Settings with { UnsetEnvironment = ["LEVEL"] }, ["web"], Some.Image, Some.Stamps);

        Assert.True(JsonNode.DeepEquals(Some.Answer["taskDefinition"], definition.Json));
    }

    private static JsonObject Edit(ServiceSettings settings) =>
        TaskDefinitionEdit.Apply(Some.Definition, settings, ["web"], Some.Image, Some.Stamps);

    private static string? Value(JsonObject input, string list, string name, string member) =>
        (string?)Some.Container(input, "web")[list]?.AsArray().SingleOrDefault(item => (string?)item!["name"] == name)?[member];
}
