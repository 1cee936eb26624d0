using Microsoft.AspNetCore.Http;
using Sandbox.Ecr;
using Sandbox.Worlds;

namespace Sandbox.Registry;

/// <summary>One request to <c>/v2/</c> after its token was taken: who asks, and for what in which registry. The reference is a tag, a digest, an upload's id, or empty where the path has none.</summary>
internal sealed record RegistryCall(HttpContext Http, AccountRegistry Registry, Caller Caller, string Name, string Reference)
{
    public HttpRequest Request => Http.Request;

    public HttpResponse Response => Http.Response;

    public CancellationToken Token => Http.RequestAborted;

    public EcrHabits Habits => Registry.Owner.Habits;

    public void Answer(int status) => Response.StatusCode = status;

    public void AnswerDigest(string digest)
    {
        if (!Habits.OmitsDigestHeader)
        {
            Response.Headers["Docker-Content-Digest"] = digest;
        }
    }
}
