using System.Text.Json.Nodes;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>The list of static files that MapStaticAssets serves by; the SDK writes each file's time into it, which is the time of the clone.</summary>
internal static class StaticWebAssets
{
    // The ETags in the same list are hashes of contents, so caches work on without the real time.
    private const string FixedDate = "Tue, 01 Jan 1980 00:00:00 GMT";

    public static bool IsManifest(string path) => path.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal);

    /// <summary>The same list with one date for all; what is not such a list stays as it is.</summary>
    public static byte[] Normalise(byte[] manifest)
    {
        try
        {
            var document = RawJson.ParseObject(manifest, "list of static files");
            foreach (var header in Objects(document["Endpoints"]).SelectMany(endpoint => Objects(endpoint["ResponseHeaders"])))
            {
                if (header.Text("Name") == "Last-Modified")
                {
                    header["Value"] = FixedDate;
                }
            }

            return RawJson.ToBytes(document);
        }
        catch (DocumentException)
        {
            return manifest;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray)?.OfType<JsonObject>() ?? [];
}
