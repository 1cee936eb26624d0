using Sandbox.Authorization;
using Sandbox.Ecr;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Tests.Ecs;

/// <summary>Allows everything but what a test refuses, and remembers what was asked.</summary>
internal sealed class Gatekeeper : IAuthorizer
{
    public List<AccessRequest> Asked { get; } = [];

    public Func<AccessRequest, bool> Refuses { get; set; } = _ => false;

    public HashSet<string> MissingRoles { get; } = [];

    public string? Refusal(AccessRequest request)
    {
        Asked.Add(request);
        return Refuses(request) ? $"User: {request.Caller.Arn} is not authorized to perform: {request.Action} on resource: {request.Resource}" : null;
    }

    public void Demand(AccessRequest request)
    {
        if (Refusal(request) is { } sentence)
        {
            throw new ApiException("AccessDeniedException", sentence);
        }
    }

    public Caller? SessionOf(string roleArn, string sessionName) => MissingRoles.Contains(roleArn)
        ? null
        : new Caller { AccountId = roleArn.Split(':')[4], Arn = $"{roleArn.Replace(":iam:", ":sts:", StringComparison.Ordinal)}/{sessionName}", RoleArn = roleArn };
}

/// <summary>A registry where every image is there but those that a test takes away; a tag's digest can be moved.</summary>
internal sealed class Shelf : IImagePull
{
    public Dictionary<string, PullResult> Instead { get; } = [];

    public Dictionary<string, string> Digests { get; } = [];

    public List<(string Image, string Puller)> Pulled { get; } = [];

    public PullResult Pull(string image, Caller puller, string platform)
    {
        Pulled.Add((image, puller.Arn));
        if (Instead.TryGetValue(image, out var other))
        {
            return other;
        }

        var digest = image.Contains('@', StringComparison.Ordinal) ? image.Split('@')[1] : Digests.GetValueOrDefault(image, Bench.DigestOf('a'));
        return new PullResult.Pulled(digest, digest, [], []);
    }
}
