namespace EcsDeploy.Delivery;

/// <summary>The files of an image that lies on this machine: an archive or a folder. Names are relative, with slashes; nothing is ever unpacked.</summary>
internal interface IImageFiles : IDisposable
{
    /// <summary>Null when there is no such file.</summary>
    long? LengthOf(string name);

    /// <summary>The file from its beginning; throws when there is none.</summary>
    Stream Open(string name);
}
