using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EcsDeploy.Images;

/// <summary>The list of static files that MapStaticAssets serves by; the SDK writes each file's time into it, which is the time of the clone.</summary>
internal static class StaticWebAssets
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsManifest(string path) => path.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal);

    /// <summary>The same list with one date for all; what is not such a list stays as it is.</summary>
    public static byte[] Normalise(byte[] manifest)
    {
        try
        {
            var output = new ArrayBufferWriter<byte>(manifest.Length + 256);
            using (var writer = new Utf8JsonWriter(output, Compact))
            {
                new AssetListRewriter(manifest, writer).Rewrite();
            }

            return output.WrittenSpan.ToArray();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is no Unicode.
            return manifest;
        }
    }
}
