namespace EcsDeploy.Images;

/// <summary>What a layer holds, in the order that layers lie upon each other: least often changed first.</summary>
internal enum LayerKind
{
    /// <summary>The .NET runtime of a self-contained app.</summary>
    Runtime,

    /// <summary>Files of NuGet packages.</summary>
    Packages,

    /// <summary>Everything under wwwroot.</summary>
    Static,

    /// <summary>The app's own assemblies and settings.</summary>
    App,
}
