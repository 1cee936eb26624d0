using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Tests.Judges;

/// <summary>Debian's AWS CLI, with the keys of one principal.</summary>
internal sealed class AwsCli(Judge judge, Uri endpoint, AccessKeys keys)
{
    /// <summary>A folder with models newer than the CLI's own; null for its own.</summary>
    public string? DataPath { get; init; }

    /// <summary>Runs the words, parted at blanks, after <c>aws</c>; what follows in <paramref name="more"/> is passed on as it is.</summary>
    public async Task<ChildResult> RunAsync(string words, IEnumerable<string> more, CancellationToken token)
    {
        var command = judge.Command(Judge.Aws, [.. words.Split(' '), .. more, "--endpoint-url", endpoint.ToString(), "--output", "json"]);
        command.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        command.Environment["AWS_DEFAULT_REGION"] = "eu-west-1";
        command.Environment["AWS_ACCESS_KEY_ID"] = keys.AccessKeyId;
        command.Environment["AWS_SECRET_ACCESS_KEY"] = keys.SecretAccessKey;
        command.Environment["AWS_MAX_ATTEMPTS"] = "2";
        command.Environment["AWS_PAGER"] = "";
        if (keys.SessionToken is { } session)
        {
            command.Environment["AWS_SESSION_TOKEN"] = session;
        }

        if (DataPath is not null)
        {
            command.Environment["AWS_DATA_PATH"] = DataPath;
        }

        return await Child.RunAsync(command, token);
    }

    public Task<ChildResult> RunAsync(string words, CancellationToken token) => RunAsync(words, [], token);

    /// <summary>The answer of a call that succeeds.</summary>
    public async Task<JsonObject> JsonAsync(string words, IEnumerable<string> more, CancellationToken token)
    {
        var result = await RunAsync(words, more, token);
        return result.Succeeded.Trim().Length == 0 ? [] : JsonNode.Parse(result.Succeeded)!.AsObject();
    }

    public Task<JsonObject> JsonAsync(string words, CancellationToken token) => JsonAsync(words, [], token);

    /// <summary>What the CLI prints of a call that is refused.</summary>
    public async Task<string> RefusalAsync(string words, CancellationToken token)
    {
        var result = await RunAsync(words, token);
        return result.Code != 0 ? result.Error : throw new Xunit.Sdk.XunitException($"{result}");
    }
}
