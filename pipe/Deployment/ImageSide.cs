using EcsDeploy.Delivery;

namespace EcsDeploy.Deployment;

/// <summary>What a deployment needs to know and do about its image.</summary>
internal sealed record ImageSide(ImageMaker Maker, DryRunCheck DryRun, RevisionCheck Revisions, ImageEntryPoint EntryPoint);
