using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Sandbox.Wire;

namespace Sandbox.Hosting;

/// <summary>Reads API calls whole, to a bound, and tells which operation of which service they name, so that later steps (faults) can know.</summary>
internal sealed class RequestReading(IReadOnlyList<IApiService> services)
{
    /// <summary>ECR's UploadLayerPart is the largest call: 20,971,520 bytes in base64.</summary>
    private const int Limit = 30 * 1024 * 1024;

    private const string FormType = "application/x-www-form-urlencoded";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var received = ReceivedRequest.Of(context);
        if (context.Request.Path == "/" && HttpMethods.IsPost(context.Request.Method))
        {
            await ReadBodyAsync(context, received);
            Name(context.Request, received);
        }

        await next(context);
    }

    private static async Task ReadBodyAsync(HttpContext context, ReceivedRequest received)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        using var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, 65_536));
        var buffer = new byte[16_384];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            if (body.Length + read > Limit)
            {
                received.IsTooLarge = true;
                return;
            }

            await body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
        }

        received.Body = body.ToArray();
    }

    private void Name(HttpRequest request, ReceivedRequest received)
    {
        var target = request.Headers["X-Amz-Target"].ToString();
        var dot = target.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
        {
            received.Service = services.FirstOrDefault(service => service.TargetPrefix == target[..dot])?.Name;
            received.Operation = received.Service is null ? null : target[(dot + 1)..];
        }
        else if (request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) == true)
        {
            received.Service = "sts";
            received.Form = Read(received.Body);
            received.Operation = received.Form?.GetValueOrDefault("Action");
        }
    }

    /// <summary>Null when the text is no form, or names more or longer fields than any operation has.</summary>
    private static Dictionary<string, string>? Read(ReadOnlyMemory<byte> body)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(body.Span)) { ValueCountLimit = 1000, ValueLengthLimit = 65_536 };
        try
        {
            return reader.ReadForm().ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
