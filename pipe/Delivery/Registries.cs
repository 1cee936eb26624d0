using EcsDeploy.Ecr;
using EcsDeploy.Names;
using EcsDeploy.Registry;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Delivery;

/// <summary>Makes the clients of registries: Amazon's with the token of its own API, every other by what it asks for.</summary>
/// <param name="http">Without redirects of its own.</param>
/// <param name="network">Says where ECR is really asked.</param>
/// <param name="ecr">ECR's own API, as the identity that may use that repository.</param>
/// <param name="time">Clock of pauses and limits.</param>
/// <param name="log">Every request in debug.</param>
internal sealed class Registries(HttpMessageInvoker http, NetworkSettings network, Func<EcrRepository, EcrClient> ecr, TimeProvider time, ILogger log)
{
    public EcrClient Ecr(EcrRepository repository) => ecr(repository);

    public RegistryClient Client(EcrRepository repository) =>
        Client(EndpointOf(repository), new BasicAuthorization(ecr(repository).LoginAsync), repository.Name);

    /// <param name="image">A base image, wherever it is.</param>
    /// <param name="login">What was given for its registry; null for none.</param>
    public RegistryClient Client(ImageReference image, RegistryLogin? login)
    {
        if (login is null && EcrRepository.TryParse($"{image.Host}/{image.Name}", out var repository))
        {
            return Client(repository);
        }

        var endpoint = EcrRepository.TryParse($"{image.Host}/{image.Name}", out var named) ? EndpointOf(named) : RegistryEndpoint.Of(image.Host);
        return Client(endpoint, new ChallengeAuthorization(http, endpoint, image.Name, login, time), image.Name);
    }

    /// <summary>What Docker's engine must call the registry: it knows nothing of stand-ins.</summary>
    public string HostForDocker(EcrRepository repository) => network.EndpointOf("ecr")?.Authority ?? repository.Host;

    private RegistryEndpoint EndpointOf(EcrRepository repository) => RegistryEndpoint.Of(repository.Host, network.EndpointOf("ecr"));

    private RegistryClient Client(RegistryEndpoint endpoint, IRegistryAuthorization authorization, string name) =>
        new(new RegistryTransport(http, endpoint, authorization, time, log), new RegistryRetry(time, log), name);
}
