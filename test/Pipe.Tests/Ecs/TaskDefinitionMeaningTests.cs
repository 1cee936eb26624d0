using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class TaskDefinitionMeaningTests
{
    [Theory]
    [InlineData("""{ "family": "a", "cpu": "1 vCPU", "memory": "2 GB" }""", """{ "family": "a", "cpu": "1024", "memory": "2048" }""")]
    [InlineData("""{ "family": "a", "volumes": [] }""", """{ "family": "a", "enableFaultInjection": false }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "cpu": 0, "essential": true, "mountPoints": [] }] }""", """{ "containerDefinitions": [{ "name": "w" }] }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "a" }, { "name": "b" }] }""", """{ "containerDefinitions": [{ "name": "b" }, { "name": "a" }] }""")]
    [InlineData(
        """{ "containerDefinitions": [{ "name": "w", "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "" }] }] }""",
        """{ "containerDefinitions": [{ "name": "w", "environment": [{ "name": "B", "value": "" }, { "name": "A", "value": "1" }] }] }""")]
    [InlineData(
        """{ "networkMode": "awsvpc", "containerDefinitions": [{ "name": "w", "portMappings": [{ "containerPort": 80 }] }] }""",
        """{ "networkMode": "awsvpc", "containerDefinitions": [{ "name": "w", "portMappings": [{ "containerPort": 80, "hostPort": 80, "protocol": "tcp" }] }] }""")]
    [InlineData(
        """{ "containerDefinitions": [{ "name": "w", "healthCheck": { "command": ["CMD", "x"] } }] }""",
        """{ "containerDefinitions": [{ "name": "w", "healthCheck": { "command": ["CMD", "x"], "interval": 30, "timeout": 5, "retries": 3 } }] }""")]
    [InlineData("""{ "family": "a", "tags": [{ "key": "commit", "value": "1" }], "revision": 3 }""", """{ "family": "a", "revision": 4 }""")]
    public void What_ecs_fills_in_or_reorders_is_the_same(string one, string other) =>
        Assert.True(TaskDefinitionMeaning.Same(Parse(one), Parse(other)));

    [Theory]
    [InlineData("""{ "cpu": "256" }""", """{ "cpu": "512" }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "command": ["a", "b"] }] }""", """{ "containerDefinitions": [{ "name": "w", "command": ["b", "a"] }] }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "essential": false }] }""", """{ "containerDefinitions": [{ "name": "w" }] }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "environment": [{ "name": "A", "value": "" }] }] }""", """{ "containerDefinitions": [{ "name": "w" }] }""")]
    [InlineData("""{ "newField": { "deep": 1 } }""", """{ "newField": { "deep": 2 } }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "portMappings": [{ "containerPort": 80, "hostPort": 80 }] }] }""", """{ "containerDefinitions": [{ "name": "w", "portMappings": [{ "containerPort": 80 }] }] }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "dockerLabels": { "cpu": "0", "essential": "true" } }] }""", """{ "containerDefinitions": [{ "name": "w" }] }""")]
    [InlineData("""{ "containerDefinitions": [{ "name": "w", "logConfiguration": { "options": { "protocol": "tcp" } } }] }""", """{ "containerDefinitions": [{ "name": "w", "logConfiguration": { "options": {} } }] }""")]
    [InlineData("""{ "cpu": "0", "family": "a" }""", """{ "family": "a" }""")]
    public void What_tasks_would_notice_is_different(string one, string other) =>
        Assert.False(TaskDefinitionMeaning.Same(Parse(one), Parse(other)));

    [Fact]
    public void A_diff_names_what_changes_and_shows_no_value_of_a_variable()
    {
        var after = TaskDefinitionEdit.Apply(
            Some.Definition,
            Some.Settings with { SetEnvironment = [new("LEVEL", "hunter2"), new("TOKEN", "hunter2")], UnsetEnvironment = ["EMPTY"], SetSecrets = [new("KEY", "arn:key")], Cpu = "512" },
            ["web"],
            Some.Image,
            Some.Stamps);

        var lines = TaskDefinitionDiff.Of(Some.Definition.Json, after);

        Assert.Equal(
            [
                "web: environment EMPTY: removed",
                "web: environment LEVEL: changed (***)",
                "web: environment TOKEN: added (***)",
                $"web: image: {Some.Repository}:1.0 → {Some.Image}",
                "web: secrets KEY: added arn:key",
                "cpu: 256 → 512",
            ],
            lines);
    }

    [Theory]
    [InlineData("""["run","--db-password=hunter2"]""")]
    [InlineData("""["run","--api-key","hunter2"]""")]
    [InlineData("""["sh","-c","TOKEN=hunter2 run"]""")]
    [InlineData("""["run","--api_key=hunter2"]""")]
    [InlineData("""["run","--license-key","hunter2"]""")]
    [InlineData("""["curl","-H","Authorization: Bearer hunter2"]""")]
    [InlineData("""["run","postgres://app:hunter2@db:5432/shop"]""")]
    public void A_diff_hides_what_stands_behind_names_that_sound_secret(string command)
    {
        var lines = TaskDefinitionDiff.Of(
            Parse("""{ "containerDefinitions": [{ "name": "w" }] }"""),
            Parse($$"""{ "containerDefinitions": [{ "name": "w", "command": {{command}} }] }"""));
        var line = Assert.Single(lines, text => text.Contains("command", StringComparison.Ordinal));

        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diff_shows_of_log_options_and_Docker_labels_only_what_is_known_to_hold_no_key()
    {
        var lines = TaskDefinitionDiff.Of(
            Parse("""{ "containerDefinitions": [{ "name": "w" }] }"""),
            Parse("""
                { "containerDefinitions": [{ "name": "w",
                  "logConfiguration": { "logDriver": "awsfirelens", "options": { "Name": "newrelic", "licenseKey": "hunter2", "Header": "X-Auth hunter2", "awslogs-group": "/shop" } },
                  "dockerLabels": { "traefik.basicauth.users": "app:hunter2" } }] }
                """));

        Assert.DoesNotContain(lines, line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("/shop", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("traefik.basicauth.users", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_text_stays_on_its_line()
    {
        var line = Assert.Single(TaskDefinitionDiff.Of(Parse("""{ "family": "a" }"""), Parse("""{ "family": "b\u001b[2K\nall is well\u2028\u202e" }""")));

        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain('\u202e', line);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
