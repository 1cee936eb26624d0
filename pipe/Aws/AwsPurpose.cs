namespace EcsDeploy.Aws;

/// <summary>What an identity is for; two purposes may come down to one identity.</summary>
internal enum AwsPurpose
{
    /// <summary>The central registry's account: push, tags, records of promotion.</summary>
    Push,

    /// <summary>The target account: the service that is rolled.</summary>
    Roll,

    /// <summary>Another registry that an image is copied from.</summary>
    Source,
}
