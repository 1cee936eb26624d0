using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sandbox.Wire;

/// <summary>AWS JSON 1.1, as ECS, ECR and CloudWatch Logs speak it.</summary>
internal static class JsonProtocol
{
    private const string ContentType = "application/x-amz-json-1.1";

    private static readonly JsonNodeOptions Nodes = new() { PropertyNameCaseInsensitive = false };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The input object; throws SerializationException for anything else, as AWS does.</summary>
    public static JsonObject Input(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(body.Span, Nodes, Strict) as JsonObject ?? throw new ApiException("SerializationException", "Start of structure or map found where not expected.");
        }
        catch (JsonException)
        {
            throw new ApiException("SerializationException", "Unexpected token or end of input.");
        }
    }

    public static Task WriteAsync(HttpContext context, JsonObject output) => WriteAsync(context, StatusCodes.Status200OK, output);

    public static Task WriteErrorAsync(HttpContext context, ApiException error)
    {
        var answer = (JsonObject)error.Members.DeepClone();
        answer["__type"] = error.Code;

        // Modelled errors say "message", refusals "Message": authorization.md 2.2.
        answer[error.Code == "AccessDeniedException" ? "Message" : "message"] = error.Message;
        return WriteAsync(context, error.Status, answer);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer.ToJsonString());
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
