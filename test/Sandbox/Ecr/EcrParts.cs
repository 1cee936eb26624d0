using Sandbox.Authorization;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>ECR put together: its state, its API, and what the registry protocol and ECS ask of it.</summary>
internal sealed class EcrParts
{
    public EcrParts(IAuthorizer authorizer, World world, TimeProvider clock, string dataDirectory)
    {
        Registries = new Registries(clock, new BlobStore(dataDirectory), new EcrHabits());
        Tokens = new RegistryTokens(clock);
        Links = new DownloadLinks(Registries);
        Access = new RepositoryAccess(Registries, authorizer);
        Service = new EcrService(Access, new KnownPrincipals(world), Tokens, Links);
        Hosts = new RegistryHosts(world);
        Pull = new ImagePull(Access, Hosts);
        foreach (var seed in world.Repositories)
        {
            Sow(seed, seed.Region ?? world.Region);
        }
    }

    public Registries Registries { get; }

    public RegistryTokens Tokens { get; }

    public DownloadLinks Links { get; }

    public RepositoryAccess Access { get; }

    public EcrService Service { get; }

    public RegistryHosts Hosts { get; }

    public IImagePull Pull { get; }

    private void Sow(RepositorySeed seed, string region)
    {
        var repository = Registries.Of(seed.AccountId, region).Create(seed.Name, new RepositorySettings
        {
            Mutability = new TagMutability(seed.Mutability, seed.MutabilityExclusions),
            Policy = seed.Policy,
            ScansOnPush = seed.ScansOnPush,
        });
        foreach (var tag in seed.SampleTags)
        {
            new SampleImage { Content = tag }.PutInto(repository, tag);
        }
    }
}
