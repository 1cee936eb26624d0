namespace Sandbox.Facts;

/// <summary>What is remarkable about an input that keeps to its model.</summary>
/// <param name="UnknownMembers">Paths of members that the model does not know (<c>containerDefinitions[0].newField</c>).</param>
public sealed record InputReport(IReadOnlyList<string> UnknownMembers);
