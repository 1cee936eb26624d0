using EcsDeploy.Images;
using EcsDeploy.Names;

namespace Pipe.Tests.Delivery;

/// <summary>A published app of two layers, made of files that a test writes.</summary>
internal sealed class AppFolder(string path, string baseImage)
{
    /// <summary>What the image starts.</summary>
    public string Starts { get; set; } = "Shop.dll";

    public AppFolder Write(string name, string content)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, name), content);
        return this;
    }

    /// <summary>As published for a platform: packages below, the app above.</summary>
    public PublishedApp For(Platform platform) => new(
        path,
        new ContainerFacts
        {
            BaseImage = baseImage,
            RuntimeIdentifier = platform.RuntimeIdentifier,
            Start = new StartCommand { AppCommand = ["dotnet", $"/app/{Starts}"] },
            Labels = [new("org.opencontainers.image.base.name", baseImage)],
        },
        [Layer(LayerKind.Packages, "Package.dll"), Layer(LayerKind.App, "Shop.dll")]);

    public Publishing Published(Platform platform) => new(Task.FromResult(baseImage), Task.FromResult(For(platform)));

    private AppLayer Layer(LayerKind kind, string file) => new(kind, "/app/", [new PublishedFile(file, Path.Combine(path, file))]);
}
