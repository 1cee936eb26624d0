using System.Globalization;
using System.Text.RegularExpressions;
using EcsDeploy;
using Sandbox.Ecr;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>
/// What registries do to their clients, as other tools' trackers tell it, one line each: a whole deployment with it, against the sandbox's registry. Mounts
/// that are answered 202 are in BaseTests; PATCH and the referrers API are never called.
/// </summary>
public sealed partial class RegistryTroubleTests
{
    private const string Blobs = "PUT /v2/shop/blobs/*";

    private static readonly Dictionary<string, Action<PipeRun>> Overcome = new()
    {
        ["the upload's location is absolute"] = run => Habits(run).UploadLocation = LocationForm.Absolute,
        ["the upload's location is relative"] = run => Habits(run).UploadLocation = LocationForm.Relative,
        ["the upload's location has a query"] = run => Habits(run).UploadLocation = LocationForm.AbsoluteWithQuery,
        // The sandbox refuses an Authorization header there, as S3 does beside a signed address.
        ["the upload goes on at another host"] = run => (Habits(run).UploadLocation, Habits(run).UploadHost) = (LocationForm.OtherHost, Elsewhere(run)),
        ["the connection is cut within the body"] = run => run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.CutRequest, Count = 2 }),
        ["the token is refused with 401"] = run => run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.ServerError, Status = 401 }),
        ["the token is refused as expired"] = run => run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.Expired }),
        ["manifests come without Docker-Content-Digest"] = run => Habits(run).OmitsDigestHeader = true,
        ["a base's document stalls"] = run => run.Faults.Add(new FaultRule { On = "GET /_s3/layers/*", Kind = FaultKind.Stall }),
        ["every base layer stalls"] = run => run.Faults.Add(new FaultRule { On = "GET /_s3/layers/*", Kind = FaultKind.Stall, First = 2 }),
        ["a base layer breaks off"] = run => run.Faults.Add(new FaultRule { On = "GET /_s3/layers/*", Kind = FaultKind.Cut, First = 2 }),
        ["the base is an index"] = run => PutIndex(run, "amd64"),
        ["the base is of Docker's schema 2"] = run => new SampleImage { IsDocker = true, Content = "docker" }.PutInto(Base(run), "10.0"),
    };

    private static readonly Dictionary<string, (Func<World, World> World, Action<PipeRun> Act, ExitCode Exit, string[] Told)> Refused = new()
    {
        ["the connection ends in place of an answer, for want of the repository"] = (
            Blind, _ => { }, ExitCode.Settings, ["The repository 'shopper' does not exist in the registry of account 111111111111", "ECR_CREATE"]),
        ["NAME_UNKNOWN"] = (
            Blind, run => Habits(run).ClosesConnectionWhenRepositoryIsMissing = false, ExitCode.Settings, ["The repository 'shopper' does not exist in the registry of account 111111111111"]),
        ["the connection ends in place of an answer, for want of the permission"] = (
            world => world.Without(DefaultWorld.Registry, "ecr-push", "ecr:InitiateLayerUpload"),
            run => Habits(run).ClosesConnectionWhenUploadIsDenied = true,
            ExitCode.Push,
            ["The repository 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop is there, so most likely", "may not ecr:InitiateLayerUpload"]),
        ["the base is of another architecture"] = (
            world => world, run => new SampleImage { Architecture = "arm64" }.PutInto(Base(run), "10.0"), ExitCode.Build, ["is for linux/arm64", "linux/amd64"]),
        ["the base is an index without this architecture"] = (
            world => world, run => PutIndex(run, "arm64"), ExitCode.Build, ["is not there for linux/amd64", "PLATFORMS"]),
        ["a registry wants to be asked again in an hour"] = (
            world => world,
            run => run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.Throttle, Duration = TimeSpan.FromHours(1), Count = null }),
            ExitCode.Push,
            ["429", "TOOMANYREQUESTS"]),
    };

    public static TheoryData<string> ThatIsOvercome => [.. Overcome.Keys];

    public static TheoryData<string> ThatIsRefused => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(ThatIsOvercome))]
    public async Task Is_overcome(string trouble)
    {
        await using var run = await PipeRun.StartAsync();
        Overcome[trouble](run);

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
        // The sandbox's downloads refuse a login, so the base's documents and layers came without.
        Assert.Contains(run.Requests, request => request.Path.StartsWith("/_s3/layers/", StringComparison.Ordinal) && (int)request.Status == 200);
    }

    [Theory]
    [MemberData(nameof(ThatIsRefused))]
    public async Task Is_refused_with_what_to_do(string trouble)
    {
        var (world, act, expected, told) = Refused[trouble];
        await using var run = await PipeRun.StartAsync(world);
        act(run);

        var exit = await run.DeployAsync(("ECR_REPOSITORY", told[0].Contains("shopper", StringComparison.Ordinal) ? Step.Repository + "per" : Step.Repository));

        Assert.Equal(expected, exit);
        run.AssertRefused(told);
    }

    [Fact]
    public async Task A_commit_that_was_made_though_the_answer_is_502_is_not_made_again()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.ErrorAfter, Status = 502 });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        var blobs = run.Requests.Where(request => request.Path.StartsWith("/v2/shop/blobs/", StringComparison.Ordinal)).ToList();
        Assert.Single(blobs, request => request.Method == "HEAD");
        Assert.Single(blobs, request => (int)request.Status == 502);
        Assert.Equal(blobs.Count(request => request.Method == "POST"), blobs.Count(request => request.Method == "PUT"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_after_is_obeyed_in_seconds_and_as_a_date(bool date)
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = Blobs, Kind = FaultKind.Throttle, Duration = TimeSpan.FromSeconds(37), RetryAfterIsDate = date });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        var pause = double.Parse(Assert.Single(Pause().Matches(run.Log)).Groups["pause"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(pause, 37, date ? 38 : 37);
    }

    private static EcrHabits Habits(PipeRun run) => run.Sandbox.Registries.Habits;

    /// <summary>The sandbox under its other name.</summary>
    private static Uri Elsewhere(PipeRun run) => new($"http://localhost:{run.Sandbox.Endpoint.Port}");

    private static Repository Base(PipeRun run) => run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Get("base/aspnet");

    private static void PutIndex(PipeRun run, string architecture)
    {
        var child = new SampleImage { Architecture = architecture, Content = "of an index" }.PutInto(Base(run));
        SampleImage.PutIndexInto(Base(run), new Dictionary<string, string> { [$"linux/{architecture}"] = child }, "10.0");
    }

    /// <summary>The pusher may not look into the missing repository, and so learns only while it pushes that it is missing.</summary>
    private static World Blind(World world) => world.WithRole(DefaultWorld.Registry, "ecr-push", role => role with
    {
        IdentityPolicies =
        [
            .. role.IdentityPolicies,
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["ecr:BatchGetImage","ecr:BatchCheckLayerAvailability"],
              "Resource":"arn:aws:ecr:*:111111111111:repository/shopper"}]}
            """,
        ],
    });

    [GeneratedRegex(@"was answered 429: .*Trying again in (?<pause>\d+\.\d) s", RegexOptions.ExplicitCapture)]
    private static partial Regex Pause();
}
