using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>A task definition as raw JSON with its tags, which DescribeTaskDefinition answers beside it.</summary>
internal sealed class TaskDefinition(JsonObject json, IReadOnlyList<KeyValuePair<string, string>> tags)
{
    /// <summary>Tags that a revision of ours has, so that it says where it comes from.</summary>
    public const string CommitTag = "commit";

    public const string BuildTag = "build";

    public JsonObject Json => json;

    public IReadOnlyList<KeyValuePair<string, string>> Tags => tags;

    /// <summary>Empty for one that comes from a file.</summary>
    public string Arn => json.Text("taskDefinitionArn") ?? "";

    public string Family => json.Text("family") ?? "";

    public int Revision => json.Number("revision") ?? 0;

    /// <summary><c>family:revision</c>, as people write it; the family of one that comes from a file.</summary>
    public string Name => Arn.Length > 0 ? ShortName(Arn) : Family.Length > 0 ? Family : "from the file";

    public bool IsActive => json.Text("status") is null or "ACTIVE";

    public string? RegisteredBy => json.Text("registeredBy");

    public string? Commit => Tag(CommitTag);

    public string? Build => Tag(BuildTag);

    public IReadOnlyList<string> ContainerNames => [.. json.Members("containerDefinitions").Select(container => container.Text("name") ?? "")];

    /// <summary>The containers' images as they stand there.</summary>
    public IEnumerable<string> Images => json.Members("containerDefinitions").Select(container => container.Text("image")).OfType<string>();

    /// <summary>The definition of one container; null when it has none of that name.</summary>
    public JsonObject? Container(string name) => json.Members("containerDefinitions").FirstOrDefault(container => container.Text("name") == name);

    public string? Tag(string key) => tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();

    /// <summary>The answer of DescribeTaskDefinition or RegisterTaskDefinition.</summary>
    public static TaskDefinition FromAnswer(JsonObject answer) =>
        new(answer.Member("taskDefinition") ?? [], ReadTags(answer));

    /// <summary>The tags of an ECS answer: a list of <c>key</c> and <c>value</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadTags(JsonObject json) =>
        [.. json.Members("tags").Select(tag => KeyValuePair.Create(tag.Text("key") ?? "", tag.Text("value") ?? ""))];

    /// <summary>What stands behind the last slash of an ARN: <c>family:revision</c>.</summary>
    public static string ShortName(string arn) => arn[(arn.LastIndexOf('/') + 1)..];
}
