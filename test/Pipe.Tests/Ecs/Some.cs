using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Settings;

namespace Pipe.Tests.Ecs;

/// <summary>Valid values to vary.</summary>
internal static class Some
{
    public const string Repository = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    public const string Image = Repository + "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static ServiceSettings Settings => new() { Cluster = "prod", Name = "web" };

    /// <summary>As DescribeTaskDefinition answers, with fields that no model knows.</summary>
    public static JsonObject Answer => JsonNode.Parse($$"""
        {
          "taskDefinition": {
            "taskDefinitionArn": "arn:aws:ecs:eu-west-1:222222222222:task-definition/web:7", "family": "web", "revision": 7, "status": "ACTIVE",
            "requiresAttributes": [{ "name": "com.amazonaws.ecs.capability.x" }], "compatibilities": ["EC2", "FARGATE"],
            "registeredAt": 1760000000.5, "registeredBy": "arn:aws:iam::222222222222:user/jo", "deregisteredAt": 1, "deleteRequestedAt": 2,
            "networkMode": "awsvpc", "cpu": "256", "memory": "512", "enableFaultInjection": false, "quantumMode": { "qubits": 3, "gone": null },
            "requiresCompatibilities": ["FARGATE"], "executionRoleArn": "arn:aws:iam::222222222222:role/exec", "volumes": [], "placementConstraints": [],
            "containerDefinitions": [
              {
                "name": "web", "image": "{{Repository}}:1.0", "cpu": 0, "essential": true, "mountPoints": [], "volumesFrom": [], "sparkle": "yes",
                "portMappings": [{ "containerPort": 8080, "hostPort": 8080, "protocol": "tcp" }],
                "environment": [{ "name": "EMPTY", "value": "" }, { "name": "LEVEL", "value": "info" }],
                "secrets": [{ "name": "DB", "valueFrom": "arn:aws:ssm:eu-west-1:222222222222:parameter/db" }],
                "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/web" } }
              },
              { "name": "sidecar", "image": "public.ecr.aws/envoy:1", "essential": false }
            ]
          },
          "tags": [{ "key": "team", "value": "shop" }, { "key": "aws:cloudformation:stack-name", "value": "x" }, { "key": "commit", "value": "old" }]
        }
        """)!.AsObject();

    public static TaskDefinition Definition => TaskDefinition.FromAnswer(Answer);

    public static Dictionary<string, string> Stamps => new() { ["commit"] = "abcdefabcdefabcdef", ["build"] = "12" };

    public static JsonObject Container(JsonObject input, string name) =>
        input["containerDefinitions"]!.AsArray().Select(item => item!.AsObject()).Single(item => (string?)item["name"] == name);
}
