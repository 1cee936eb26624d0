using EcsDeploy.Images;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Pipe.Tests.Registry;

namespace Pipe.Tests.Delivery;

/// <summary>A published app that really starts, on a base of real layers, with the names of files that archives stumble over.</summary>
internal sealed class RunnableApp(string folder, string baseImage)
{
    private const string Program = """
        #include <stdio.h>
        int main(int count, char **names) {
          for (int i = 1; i < count; i++) {
            FILE *file = fopen(names[i], "r");
            if (!file) { printf("%s is missing\n", names[i]); return 3; }
            for (int c; (c = fgetc(file)) != EOF;) putchar(c);
            fclose(file);
          }
          return 0;
        }
        """;

    private static readonly string[] Architectures = ["amd64", "arm64"];

    public const string Greeting = "hello from a layer";

    public string Folder => folder;

    /// <summary>Its files, the program among them, which prints the files that it is given.</summary>
    public async Task<RunnableApp> WriteAsync()
    {
        Directory.CreateDirectory(folder);
        await CompileAsync(Path.Combine(folder, "show"));
        Write("greeting.txt", Greeting);
        Write("with space/ünï 日本.txt", "names");
        Write($"{new string('d', 90)}/{new string('e', 90)}/{new string('f', 120)}.txt", "long");
        Write("wwwroot/site.css", "body { }");
        File.CreateSymbolicLink(Path.Combine(folder, "link.txt"), "with space/ünï 日本.txt");
        return this;
    }

    /// <summary>Linked so that it needs nothing of the image.</summary>
    public static async Task CompileAsync(string path)
    {
        var source = path + ".c";
        await File.WriteAllTextAsync(source, Program);
        await Outside.RunAsync(Outside.Compiler, Path.GetDirectoryName(path)!, "-static", "-O1", "-o", path, source);
        File.Delete(source);
    }

    public Publishing Publish(Platform platform)
    {
        var facts = new ContainerFacts
        {
            BaseImage = baseImage,
            RuntimeIdentifier = platform.RuntimeIdentifier,
            Start = new StartCommand { AppCommand = ["/app/show", "/app/greeting.txt", "/app/link.txt"] },
        };
        var layers = LayerPlan.Of(FolderScan.Of(folder), facts.WorkingDirectory, path => path.StartsWith("wwwroot/", StringComparison.Ordinal) ? LayerKind.Static : LayerKind.App);
        return new Publishing(Task.FromResult(baseImage), Task.FromResult(new PublishedApp(folder, facts, layers)));
    }

    /// <summary>A base of two layers that can be unpacked, as an index of both platforms.</summary>
    public static void PutBase(ScriptedRegistry registry, string tag)
    {
        var children = Architectures.Select(architecture =>
        {
            var seed = ArchiveSeed.Layout(architecture, ArchiveSeed.Tar("lower"), ArchiveSeed.Tar($"upper of {architecture}"));
            foreach (var (name, content) in seed.Files.Where(file => file.Key.StartsWith("blobs/", StringComparison.Ordinal)))
            {
                registry.Blobs["sha256:" + name[(name.LastIndexOf('/') + 1)..]] = content;
            }

            var image = ImageIndex.Parse(seed.Files["index.json"]).Manifests[0];
            registry.Manifests[image.Digest.Text] = (image.MediaType, registry.Blobs[image.Digest.Text]);
            return image with { Platform = architecture == "arm64" ? Platform.Arm64 : Platform.Amd64 };
        }).ToList();
        BaseSeed.PutIndex(registry, tag, children);
    }

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
        File.WriteAllText(Path.Combine(folder, name), content);
    }
}
