using EcsDeploy.Docker;
using EcsDeploy.Ecr;
using EcsDeploy.Images;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>What a dry run can tell of an image that is not made yet: whether its source and its repository are there.</summary>
internal sealed class DryRunCheck(EcrClient ecr, string cloneDirectory, ILogger log)
{
    /// <exception cref="PipeException">The real run would fail.</exception>
    public async Task LookAsync(PipeSettings settings, CancellationToken token)
    {
        CheckSource(settings.Source);
        try
        {
            // The question that the real run begins with, so it needs no other permission.
            await ecr.FindImageAsync(settings.Registry is { Tags: [var tag, ..] } ? tag.Text : "latest", token);
        }
        catch (EcrException missing) when (missing.IsRepositoryMissing && settings.Registry is { Create: true })
        {
            log.Information("Create the repository {Repository}", ecr.Repository.Address);
        }
        catch (EcrException denied) when (denied.IsDenied)
        {
            log.Warning("Whether the repository {Repository} is there cannot be read. {Reason}", ecr.Repository.Address, denied.Message);
        }
    }

    private void CheckSource(ImageSource? source)
    {
        switch (source)
        {
            case ImageSource.Project project:
                log.Information("The project to publish is {Project}", Path.GetRelativePath(cloneDirectory, ProjectFinder.Find(cloneDirectory, project.Path)));
                break;
            case ImageSource.PublishedFolder folder:
                Demand(Directory.Exists(Full(folder.Path)), VariableNames.PublishFolder, folder.Path, "folder");
                break;
            case ImageSource.Dockerfile file:
                Demand(DockerFiles.Missing(file, cloneDirectory));
                break;
            case ImageSource.Archive archive:
                Demand(File.Exists(Full(archive.Path)) || Directory.Exists(Full(archive.Path)), VariableNames.ImageArchive, archive.Path, "archive");
                break;
        }
    }

    private string Full(string path) => Path.GetFullPath(path, cloneDirectory);

    private static void Demand(bool there, string variable, string path, string kind) =>
        Demand(there ? [] : [$"{variable} is '{path}': there is no such {kind} in the clone."]);

    private static void Demand(IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            throw BuildException.OfSettings($"{string.Join('\n', missing)} An earlier command of the step that makes it has to run before a dry run too.");
        }
    }
}
