using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Ecs.Api;
using Sandbox.Ecs.Engine;
using Sandbox.Wire;

namespace Sandbox.Logs;

/// <summary>The reading half of CloudWatch Logs; sources: its API model's texts.</summary>
public sealed class LogsService(LogStore store, Agenda agenda, IAuthorizer authorizer, int pageLimit) : IApiService
{
    private const int MostEvents = 10_000;
    private const int MostBytes = 1 << 20;

    public string Name => "logs";

    public string TargetPrefix => "Logs_20140328";

    public Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        lock (agenda.Gate)
        {
            return Task.FromResult(call.Operation switch
            {
                "GetLogEvents" => GetEvents(call),
                "FilterLogEvents" => Filter(call),
                "DescribeLogGroups" => DescribeGroups(call),
                "DescribeLogStreams" => DescribeStreams(call),
                _ => throw new ApiException("UnknownOperationException", ""),
            });
        }
    }

    /// <summary>Tokens are never null; at the end the same one comes back (GetLogEvents).</summary>
    private JsonObject GetEvents(ApiCall call)
    {
        var name = call.Input.Text("logStreamName") ?? "";
        var group = Group(call, "GetLogEvents", $":log-stream:{name}");
        if (!group.Streams.TryGetValue(name, out var stream))
        {
            throw NotFound("stream");
        }

        var events = InTime(call, stream, endIncluded: false).ToList();
        var limit = Limit(call, MostEvents);
        var (from, to) = call.Input.Text("nextToken") is { } token ? Range(token, limit, events.Count)
            : (bool?)call.Input["startFromHead"] == true ? (0, Math.Min(limit, events.Count))
            : (Math.Max(0, events.Count - limit), events.Count);
        to = Fit(events, from, to);
        return new JsonObject
        {
            ["events"] = Json.Array(events.Take(from..to).Select(Write)),
            ["nextForwardToken"] = Token('f', to),
            ["nextBackwardToken"] = Token('b', from),
        };
    }

    private JsonObject Filter(ApiCall call)
    {
        var group = Group(call, "FilterLogEvents", "");
        var names = call.Input.Texts("logStreamNames");
        var prefix = call.Input.Text("logStreamNamePrefix");
        if (names.Count > 0 && prefix is not null)
        {
            throw new ApiException("InvalidParameterException", "LogStreamNamePrefix and logStreamNames are mutually exclusive.");
        }

        var pattern = new FilterPattern(call.Input.Text("filterPattern"));
        var found = group.Streams.Values
            .Where(stream => (names.Count == 0 || names.Contains(stream.Name)) && stream.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))
            .SelectMany(stream => InTime(call, stream, endIncluded: true).Where(item => pattern.Fits(item.Message)).Select(item => (stream, item)))
            .OrderBy(pair => pair.item.At).ThenBy(pair => pair.item.Number)
            .ToList();
        var start = call.Input.Text("nextToken") is { } token ? Index(token) : 0;
        var page = found.Skip(start).Take(Limit(call, MostEvents)).ToList();
        var answer = new JsonObject
        {
            ["events"] = Json.Array(page.Select(pair => Write(pair.item).With(new JsonObject
            {
                ["logStreamName"] = pair.stream.Name,
                ["eventId"] = pair.item.Number.ToString("D56", CultureInfo.InvariantCulture),
            }))),
            ["searchedLogStreams"] = Json.Array([]),
        };
        if (start + page.Count < found.Count)
        {
            answer["nextToken"] = Token('f', start + page.Count);
        }

        return answer;
    }

    private JsonObject DescribeGroups(ApiCall call)
    {
        Demand(call, "DescribeLogGroups", "*");
        var found = store.Groups(call.Caller.AccountId, call.Region).Values
            .Where(group => group.Name.StartsWith(call.Input.Text("logGroupNamePrefix") ?? "", StringComparison.Ordinal))
            .Where(group => group.Name.Contains(call.Input.Text("logGroupNamePattern") ?? "", StringComparison.Ordinal));
        return Page(call, "logGroups", found, group => new JsonObject
        {
            ["logGroupName"] = group.Name,
            ["creationTime"] = group.CreatedAt.ToUnixTimeMilliseconds(),
            ["metricFilterCount"] = 0,
            ["arn"] = $"{group.Arn}:*",
            ["logGroupArn"] = group.Arn,
            ["storedBytes"] = group.Streams.Values.Sum(stream => stream.Events.Sum(item => (long)item.Message.Length)),
            ["logGroupClass"] = "STANDARD",
        });
    }

    private JsonObject DescribeStreams(ApiCall call)
    {
        var group = Group(call, "DescribeLogStreams", "");
        var byTime = call.Input.Text("orderBy") == "LastEventTime";
        if (byTime && call.Input.Text("logStreamNamePrefix") is not null)
        {
            throw new ApiException("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var found = group.Streams.Values.Where(stream => stream.Name.StartsWith(call.Input.Text("logStreamNamePrefix") ?? "", StringComparison.Ordinal));
        found = byTime ? found.OrderBy(stream => stream.Events.Count == 0 ? stream.CreatedAt : stream.Events[^1].At) : found;
        found = (bool?)call.Input["descending"] == true ? found.Reverse() : found;
        return Page(call, "logStreams", found, stream => new JsonObject
        {
            ["logStreamName"] = stream.Name,
            ["creationTime"] = stream.CreatedAt.ToUnixTimeMilliseconds(),
            ["firstEventTimestamp"] = stream.Events.Count == 0 ? null : stream.Events[0].At.ToUnixTimeMilliseconds(),
            ["lastEventTimestamp"] = stream.Events.Count == 0 ? null : stream.Events[^1].At.ToUnixTimeMilliseconds(),
            ["lastIngestionTime"] = stream.Events.Count == 0 ? null : stream.Events[^1].Ingested.ToUnixTimeMilliseconds(),
            ["arn"] = $"{group.Arn}:log-stream:{stream.Name}",
            ["storedBytes"] = 0,
        }.WithoutNulls());
    }

    private JsonObject Page<T>(ApiCall call, string member, IEnumerable<T> found, Func<T, JsonObject> write)
    {
        var all = found.ToList();
        var start = call.Input.Text("nextToken") is { } token ? Index(token) : 0;
        var page = all.Skip(start).Take(Limit(call, 50)).ToList();
        var answer = new JsonObject { [member] = Json.Array(page.Select(write)) };
        if (start + page.Count < all.Count)
        {
            answer["nextToken"] = Token('f', start + page.Count);
        }

        return answer;
    }

    private LogGroup Group(ApiCall call, string action, string stream)
    {
        var name = call.Input.Text("logGroupName");
        var identifier = call.Input.Text("logGroupIdentifier");
        if ((name is null) == (identifier is null))
        {
            // Inferred: the rule is documented, the words are ours.
            throw new ApiException("InvalidParameterException", "Exactly one of logGroupName and logGroupIdentifier must be specified.");
        }

        name ??= identifier!.Split(':')[^1];
        Demand(call, action, $"arn:{new Ecs.State.EcsNames(call.Caller.AccountId, call.Region).Partition}:logs:{call.Region}:{call.Caller.AccountId}:log-group:{name}{stream}");
        return store.Groups(call.Caller.AccountId, call.Region).TryGetValue(name, out var group) ? group : throw NotFound("group");
    }

    private void Demand(ApiCall call, string action, string resource) =>
        authorizer.Demand(new AccessRequest { Caller = call.Caller, Action = $"logs:{action}", Resource = resource });

    private IEnumerable<LogEvent> InTime(ApiCall call, ContainerLog stream, bool endIncluded)
    {
        var from = (long?)call.Input["startTime"] ?? long.MinValue;
        var to = (long?)call.Input["endTime"] ?? long.MaxValue;
        return stream.Events.Where(item => item.Ingested <= store.Now
            && item.At.ToUnixTimeMilliseconds() is var at && at >= from && (at < to || (endIncluded && at == to)));
    }

    private int Limit(ApiCall call, int most) => Math.Min(Math.Min((int?)call.Input["limit"] ?? most, most), pageLimit);

    /// <summary>At most a megabyte a page, at 26 bytes more than its text for each event.</summary>
    private static int Fit(List<LogEvent> events, int from, int to)
    {
        var bytes = 0;
        var end = from;
        while (end < to && (bytes += events[end].Message.Length + 26) <= MostBytes)
        {
            end++;
        }

        return end;
    }

    private static (int From, int To) Range(string token, int limit, int count)
    {
        var index = Math.Min(Index(token), count);
        return token.StartsWith('f') ? (index, Math.Min(count, index + limit)) : (Math.Max(0, index - limit), index);
    }

    private static string Token(char direction, int index) => string.Create(CultureInfo.InvariantCulture, $"{direction}/{index:D56}/s");

    private static int Index(string token) => token.Split('/') is [_, var number, "s"] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        ? index
        : throw new ApiException("InvalidParameterException", "The specified nextToken is invalid.");

    private static JsonObject Write(LogEvent item) => new()
    {
        ["timestamp"] = item.At.ToUnixTimeMilliseconds(),
        ["message"] = item.Message,
        ["ingestionTime"] = item.Ingested.ToUnixTimeMilliseconds(),
    };

    private static ApiException NotFound(string what) => new("ResourceNotFoundException", $"The specified log {what} does not exist.");
}
