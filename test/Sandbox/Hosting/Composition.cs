using Microsoft.AspNetCore.Builder;
using Sandbox.Bitbucket;
using Sandbox.Faults;
using Sandbox.Logs;
using Sandbox.Pages;
using Sandbox.Registry;
using Sandbox.Signatures;
using Sandbox.Sts;
using Sandbox.Time;
using Sandbox.Wire;

namespace Sandbox.Hosting;

/// <summary>The wiring diagram: which services there are, and what a request passes through. Every part has its line here.</summary>
internal static class Composition
{
    public static void Compose(WebApplication app, SandboxParts parts)
    {
        IReadOnlyList<IApiService> services =
        [
            Sts(parts),
            parts.Ecr.Service,
            parts.Ecs,
            new LogsService(parts.Ecs.Logs, parts.Ecs.Agenda, parts.Authorizer, parts.Options.PageSize ?? int.MaxValue),
        ];
        var aws = new AwsEndpoint(services, new SignatureVerifier(parts.Credentials, parts.Clock), parts.Log);
        var registry = new RegistryEndpoints(parts.Ecr.Access, parts.Ecr.Tokens, parts.Ecr.Links, parts.Ecr.Hosts);

        app.Use(new ClockMiddleware(parts.Clock).InvokeAsync);
        app.Use(new RequestRecording(parts.Log).InvokeAsync);
        app.Use(new RequestReading(services).InvokeAsync);
        app.Use(new FaultMiddleware(parts.Options.Faults, parts.Clock).InvokeAsync);
        app.UseRouting();
        app.MapPost("/", aws.AnswerAsync);
        registry.Map(app);
        IssuerEndpoints.Map(app, parts.World.Workspace, parts.Issuer);
        new InsightEndpoints(parts.Insights).Map(app, parts.World.Workspace);
        new ControlEndpoints(parts).Map(app);
        FaultEndpoint.Map(app, parts.Options.Faults);
    }

    private static StsService Sts(SandboxParts parts)
    {
        var sessions = new Sessions(parts.Credentials, parts.Clock);
        return new StsService(
            new AssumeRole(parts.Authorizer, sessions),
            new AssumeRoleWithWebIdentity(parts.World, parts.Authorizer, new TokenVerifier(parts.Issuer, parts.Clock), sessions));
    }
}
