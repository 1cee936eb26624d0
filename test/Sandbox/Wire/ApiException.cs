using System.Text.Json.Nodes;

namespace Sandbox.Wire;

/// <summary>An error as AWS answers it: a code, a message in AWS's words, an HTTP status; each protocol writes it in its own form.</summary>
public sealed class ApiException(string code, string message, int status = 400) : Exception(message)
{
    /// <summary>The error's name: <c>ClusterNotFoundException</c>, <c>AccessDeniedException</c>.</summary>
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>Further members of a modelled error (<c>resourceIds</c> of a ConflictException).</summary>
    public JsonObject Members { get; init; } = [];
}
