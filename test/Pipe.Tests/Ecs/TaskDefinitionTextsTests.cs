using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Pipe.Tests.Aws;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>What is text in a task definition, held to Amazon's model where it lies beside the project.</summary>
public sealed class TaskDefinitionTextsTests
{
    [Fact]
    public void Amazons_model_says_the_same_of_every_member()
    {
        Assert.SkipWhen(AwsModels.Folder() is null, "Amazon's models do not lie beside the project.");
        var shapes = JsonNode.Parse(File.ReadAllText(Path.Combine(AwsModels.Folder()!, "ecs.service-2.json")))!["shapes"]!.AsObject();
        var wrong = new List<string>();
        var seen = 0;

        Walk("RegisterTaskDefinitionRequest", default, "");

        Assert.True(seen > 100, $"Only {seen} members were seen.");
        Assert.Empty(wrong);

        void Walk(string shape, TaskDefinitionTexts.Place place, string path)
        {
            var model = shapes[shape]!.AsObject();
            switch ((string)model["type"]!)
            {
                case "structure":
                    foreach (var (name, member) in model["members"]!.AsObject())
                    {
                        Walk((string)member!["shape"]!, place.Of(name), $"{path}/{name}");
                    }

                    break;
                case "list":
                    Walk((string)model["member"]!["shape"]!, place, path);
                    break;
                case "map":
                    Walk((string)model["value"]!["shape"]!, place.Of("anything"), $"{path}/*");
                    break;
                case var type:
                    seen++;
                    if (place.IsText != (type == "string"))
                    {
                        wrong.Add($"{path} is {type}");
                    }

                    break;
            }
        }
    }
}
