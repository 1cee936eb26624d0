using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Reads where the image comes from: one source, and only the options that belong to it.</summary>
internal static class ImageSourceReader
{
    private const string Hyphened = "(./-name where its name begins with a hyphen)";

    private static readonly string[] Sources = [VariableNames.Project, VariableNames.PublishFolder, VariableNames.Dockerfile, VariableNames.ImageName, VariableNames.ImageArchive];

    private static readonly string[] Layered = [VariableNames.Project, VariableNames.PublishFolder];

    // Which sources an option means something for.
    private static readonly (string[] Options, string[] For)[] Options =
    [
        ([VariableNames.Configuration, VariableNames.PublishArguments, VariableNames.BuildMemory, VariableNames.Reproducible], [VariableNames.Project]),
        ([VariableNames.BaseImage, VariableNames.BaseImageUser, VariableNames.BaseImagePassword], [.. Layered, VariableNames.Dockerfile]),
        ([VariableNames.LayerCompression], Layered),
        ([VariableNames.DockerContext, VariableNames.DockerTarget, VariableNames.DockerBuildArguments, VariableNames.DockerSecrets, VariableNames.DockerCacheFrom], [VariableNames.Dockerfile]),
        ([VariableNames.Platforms], [.. Layered, VariableNames.Dockerfile, VariableNames.ImageName]),
    ];

    private static readonly Dictionary<string, LayerCompression> Compressions = new() { ["gzip"] = LayerCompression.Gzip, ["zstd"] = LayerCompression.Zstd };

    public static ImageSource? Read(PipeVariables variables, PipeAction action)
    {
        if (action == PipeAction.Promote)
        {
            return new ImageSource.Existing(Reference(variables));
        }

        if (!VariableTable.Of(VariableNames.Project).Taken.Includes(action))
        {
            return null;
        }

        var chosen = Chosen(variables);
        CheckOptions(variables, chosen);
        var source = Make(variables, chosen);
        var platforms = Platforms(variables, chosen);
        return platforms.Length > 0 ? source with { Platforms = platforms } : source;
    }

    // Of what the same place gives, two are one too many; what a stronger place gives stands for all that weaker ones say.
    private static string Chosen(PipeVariables variables)
    {
        var given = Sources.Select(variables.Find).OfType<SettingValue>().ToArray();
        if (given.Length == 0)
        {
            return VariableNames.Project;
        }

        var strongest = given.Where(value => value.Origin == given.Min(one => one.Origin)).Select(value => value.Name).ToArray();
        if (strongest.Length > 1)
        {
            variables.Notes.Fault($"{string.Join(" and ", strongest)} are both set. An image has one source: keep one of them.");
        }

        return strongest[0];
    }

    private static void CheckOptions(PipeVariables variables, string chosen)
    {
        foreach (var (options, sources) in Options)
        {
            foreach (var option in options.Where(option => !sources.Contains(chosen) && variables.InStep(option)))
            {
                variables.Notes.Fault($"{option} is set, but means nothing for {chosen}; it goes with {string.Join(" or ", sources)}.");
            }
        }
    }

    private static Platform[] Platforms(PipeVariables variables, string chosen)
    {
        if (variables.Find(VariableNames.Platforms) is null)
        {
            return [];
        }

        Platform[] platforms =
            [.. variables.ParsedWords(VariableNames.Platforms, text => Platform.TryParse(text, out var platform) ? platform : null, Platform.Rule).Distinct()];
        if (platforms.Length > 1 && chosen is VariableNames.Dockerfile or VariableNames.ImageName)
        {
            variables.Notes.Fault($"{VariableNames.Platforms} has {platforms.Length} entries, but {chosen} takes one: Docker has one image at a time here. Name one, or build from {VariableNames.Project}, which makes an index of both.");
        }

        return platforms;
    }

    private static ImageSource Make(PipeVariables variables, string chosen) => chosen switch
    {
        VariableNames.PublishFolder => new ImageSource.PublishedFolder(variables.Text(chosen) ?? string.Empty) { Layers = Layers(variables) },
        VariableNames.Dockerfile => WithBase(variables, new ImageSource.Dockerfile(NoOption(variables, chosen, $"the path of a file {Hyphened}") ?? string.Empty)
        {
            Context = NoOption(variables, VariableNames.DockerContext, $"a folder or an address {Hyphened}") ?? ".",
            Target = variables.Text(VariableNames.DockerTarget),
            BuildArguments = BuildArguments(variables),
            Secrets = Secrets(variables),
            CacheFrom = variables.Lines(VariableNames.DockerCacheFrom),
        }),
        VariableNames.ImageName => new ImageSource.DockerImage(NoOption(variables, chosen, "an image's name, which never begins with a hyphen") ?? string.Empty),
        VariableNames.ImageArchive => new ImageSource.Archive(variables.Text(chosen) ?? string.Empty),
        _ => new ImageSource.Project(variables.Text(VariableNames.Project))
        {
            Configuration = variables.Text(VariableNames.Configuration) ?? "Release",
            PublishArguments = variables.Lines(VariableNames.PublishArguments),
            Reproducible = variables.Flag(VariableNames.Reproducible) ?? true,
            BuildMemoryMebibytes = variables.Number(VariableNames.BuildMemory, 1024 * 1024, "MiB"),
            Layers = Layers(variables),
        },
    };

    /// <summary>What stands alone among Docker's arguments, where a hyphen would make it an option, or its standard input.</summary>
    private static string? NoOption(PipeVariables variables, string name, string rule) => variables.Parsed(name, text => text.StartsWith('-') ? null : text, rule);

    private static IReadOnlyList<string> BuildArguments(PipeVariables variables)
    {
        var arguments = variables.Lines(VariableNames.DockerBuildArguments);
        foreach (var (index, argument) in arguments.Index())
        {
            variables.CheckInside(VariableNames.DockerBuildArguments, argument);
            if (argument.StartsWith('='))
            {
                variables.Notes.Fault($"{VariableNames.DockerBuildArguments}: entry {index + 1} has no name: it must be NAME=value, or NAME for a variable of the step.");
            }
        }

        return arguments;
    }

    private static IReadOnlyList<string> Secrets(PipeVariables variables)
    {
        var secrets = variables.Lines(VariableNames.DockerSecrets);
        foreach (var (index, _) in secrets.Index().Where(secret => !secret.Item.Split(',').Any(HasId)))
        {
            variables.Notes.Fault($"{VariableNames.DockerSecrets}: entry {index + 1} has no id=: it must be as id=npm,src=.npmrc or id=npm,env=NAME.");
        }

        return secrets;

        // Docker reads the entry as a line of CSV.
        static bool HasId(string part) => part.Trim('"') is var plain && plain.StartsWith("id=", StringComparison.OrdinalIgnoreCase) && plain.Length > "id=".Length;
    }

    private static ImageSource.Dockerfile WithBase(PipeVariables variables, ImageSource.Dockerfile source)
    {
        var login = BaseLogin(variables);
        // A login that the whole workspace has may be meant for other steps.
        if (login is not null && variables.InStep(VariableNames.BaseImageUser) && variables.Text(VariableNames.BaseImage) is null)
        {
            variables.Notes.Fault($"{VariableNames.BaseImageUser} is set, but not which registry it is for. With {VariableNames.Dockerfile}, set {VariableNames.BaseImage} to the image that its FROM names.");
        }

        return source with { BaseImage = variables.Text(VariableNames.BaseImage), BaseLogin = login };
    }

    private static LayerOptions Layers(PipeVariables variables) => new()
    {
        BaseImage = variables.Text(VariableNames.BaseImage),
        BaseLogin = BaseLogin(variables),
        Compression = variables.OneOf(VariableNames.LayerCompression, Compressions) ?? LayerCompression.Gzip,
    };

    private static RegistryLogin? BaseLogin(PipeVariables variables)
    {
        var user = variables.Text(VariableNames.BaseImageUser);
        var password = variables.Secret(VariableNames.BaseImagePassword);
        if ((user is null) != (password is null))
        {
            variables.Notes.Fault($"{VariableNames.BaseImageUser} and {VariableNames.BaseImagePassword} are given together or not at all.");
        }

        return user is not null && password is not null ? new RegistryLogin(user, password) : null;
    }

    private static string? Reference(PipeVariables variables) => variables.Parsed(
        VariableNames.Image,
        text => IsReference(text) ? text : null,
        $"a tag, a digest ({Digest.Rule}), or from:<environment>");

    private static bool IsReference(string text) =>
        text.StartsWith("from:", StringComparison.Ordinal) ? SettingsReader.EnvironmentForm().IsMatch(text["from:".Length..])
        : text.Contains(':', StringComparison.Ordinal) ? Digest.TryParse(text, out _)
        : ImageTag.TryParse(text, out _);
}
