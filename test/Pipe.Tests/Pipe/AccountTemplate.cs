using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipe.Tests.House;
using YamlDotNet.RepresentationModel;

namespace Pipe.Tests.Pipe;

/// <summary>A template of examples/accounts as CloudFormation reads it: parameters and the handful of functions that it uses put in.</summary>
internal sealed partial class AccountTemplate
{
    private static readonly JsonObject NoValue = [];

    private readonly YamlMappingNode _root;
    private readonly Dictionary<string, JsonNode> _known;

    /// <param name="file">In examples/accounts.</param>
    /// <param name="account">Where it is deployed, in eu-west-1.</param>
    /// <param name="parameters">Those without a default have to be here.</param>
    public AccountTemplate(string file, string account, params IReadOnlyList<(string Name, JsonNode Value)> parameters)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(SourceTree.Root, "examples", "accounts", file))));
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
        _known = new Dictionary<string, JsonNode>
        {
            ["AWS::Partition"] = "aws",
            ["AWS::Region"] = "eu-west-1",
            ["AWS::AccountId"] = account,
            ["AWS::NoValue"] = NoValue,
        };
        foreach (var (name, declared) in Mapping(_root["Parameters"]))
        {
            _known[name] = parameters.FirstOrDefault(given => given.Name == name).Value ?? declared["Default"].ToString();
        }

        var provider = Mapping(_root["Resources"]).First(resource => resource.Value["Type"].ToString() == "AWS::IAM::OIDCProvider");
        _known[provider.Key] = $"arn:aws:iam::{account}:oidc-provider/{Resolve(provider.Value["Properties"]["Url"])!.ToString()["https://".Length..]}";
        if (_known.GetValueOrDefault("RepositoryName") is { } repository)
        {
            _known["Repository.Arn"] = $"arn:aws:ecr:eu-west-1:{account}:repository/{repository}";
        }
    }

    /// <summary>A property of a resource as JSON text, as IAM and ECR get it.</summary>
    public string Property(string resource, string name) =>
        Resolve(_root["Resources"][resource]["Properties"][name]) switch
        {
            JsonValue text => text.ToString(),
            var json => json!.ToJsonString(),
        };

    /// <summary>The only policy of a role.</summary>
    public string PolicyOf(string role) =>
        Resolve(((YamlSequenceNode)_root["Resources"][role]["Properties"]["Policies"]).Children.Single()["PolicyDocument"])!.ToJsonString();

    private JsonNode? Resolve(YamlNode node) => node switch
    {
        { Tag: { IsEmpty: false, Value: "!Ref" } } => Known(node.ToString()),
        { Tag: { IsEmpty: false, Value: "!Sub" } } => Reference().Replace(((YamlScalarNode)node).Value!, match => Known(match.Groups["name"].Value).ToString()),
        { Tag: { IsEmpty: false, Value: "!GetAtt" } } => Known(node.ToString()),
        { Tag: { IsEmpty: false, Value: "!If" } } => Holds(node[0].ToString()) ? Resolve(node[1]) : Resolve(node[2]),
        { Tag: { IsEmpty: false } tag } when tag.Value.StartsWith('!') && tag.Value.Length > 1 => throw new NotSupportedException($"The test does not know {tag.Value} of {node.Start}."),
        YamlMappingNode mapping => new JsonObject(Mapping(mapping).Select(member => KeyValuePair.Create(member.Key, Resolve(member.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Resolve).Where(item => item is not JsonObject { Count: 0 })]),
        _ => node.ToString(),
    };

    private bool Holds(string condition)
    {
        var equals = (YamlSequenceNode)_root["Conditions"][condition];
        return equals.Tag.Value == "!Equals" ? Resolve(equals[0])!.ToString() == Resolve(equals[1])!.ToString() : throw new NotSupportedException(condition);
    }

    private JsonNode Known(string name) => _known.TryGetValue(name, out var value) ? value.DeepClone() : throw new NotSupportedException($"The test does not know {name}.");

    private static IEnumerable<KeyValuePair<string, YamlNode>> Mapping(YamlNode node) =>
        ((YamlMappingNode)node).Children.Select(child => KeyValuePair.Create(child.Key.ToString(), child.Value));

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z:.]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
