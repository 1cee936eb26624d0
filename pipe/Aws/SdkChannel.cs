using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace EcsDeploy.Aws;

/// <summary>One AWS service of the JSON 1.1 protocol on the SDK's own runtime: its signer, its error mapping, its user agent. Sends once.</summary>
internal sealed class SdkChannel(AWSCredentials credentials, SdkConfig config, string targetPrefix) : AmazonServiceClient(credentials, config)
{
    public async Task<SdkAnswer> SendAsync(string operation, byte[] body, CancellationToken token) =>
        await InvokeAsync<SdkAnswer>(
            new SdkRequest(operation, body),
            new InvokeOptions { RequestMarshaller = new Marshaller(targetPrefix), ResponseUnmarshaller = new Unmarshaller() },
            token);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.AddHandlerAfter<Amazon.Runtime.Internal.Marshaller>(new BaseEndpointResolver());
        pipeline.AddHandlerAfter<Amazon.Runtime.Internal.Marshaller>(new SignatureVersion4());
    }

    private sealed class SignatureVersion4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
    }

    private sealed class SdkRequest(string operation, byte[] body) : AmazonWebServiceRequest
    {
        public string Operation => operation;

        public byte[] Body => body;
    }

    private sealed class Marshaller(string targetPrefix) : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var call = (SdkRequest)input;
            var request = new DefaultRequest(input, targetPrefix) { HttpMethod = "POST", ResourcePath = "/", Content = call.Body };
            request.Headers["X-Amz-Target"] = $"{targetPrefix}.{call.Operation}";
            request.Headers["Content-Type"] = "application/x-amz-json-1.1";
            return request;
        }
    }

    private sealed class Unmarshaller : JsonResponseUnmarshaller
    {
        // The largest answers (a hundred tasks with all details) stay far below; more is not an answer of AWS.
        private const int LargestAnswer = 32 * 1024 * 1024;

        // .NET would notice a member that is there twice only when somebody reads the object.
        private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) =>
            new SdkAnswer { Document = JsonNode.Parse(BoundedStream.ReadAll(input.Stream, LargestAnswer), documentOptions: Strict) as JsonObject ?? throw new JsonException("The answer is no JSON object.") };

        public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var reader = new StreamingUtf8JsonReader(input.Stream);
            var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
            var retryAfter = input.ResponseData.IsHeaderPresent("Retry-After") ? input.ResponseData.GetHeaderValue("Retry-After") : null;
            return new SdkErrorAnswer(error, statusCode, innerException) { RetryAfter = retryAfter };
        }
    }
}

/// <summary>A whole answer.</summary>
internal sealed class SdkAnswer : AmazonWebServiceResponse
{
    public JsonObject Document { get; init; } = [];
}

/// <summary>An error answer, with what the SDK's own type does not keep.</summary>
internal sealed class SdkErrorAnswer(ErrorResponse error, HttpStatusCode status, Exception? inner)
    : AmazonServiceException(error.Message, inner, error.Type, error.Code, error.RequestId, status)
{
    /// <summary>The header as it came, seconds or a date; null without one.</summary>
    public string? RetryAfter { get; init; }
}
