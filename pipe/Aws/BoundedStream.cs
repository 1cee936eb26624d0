namespace EcsDeploy.Aws;

/// <summary>Reads an answer as far as it is sane.</summary>
internal static class BoundedStream
{
    public static MemoryStream ReadAll(Stream stream, int limit)
    {
        var buffer = new byte[16 * 1024];
        var content = new MemoryStream();
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, count);
            if (content.Length > limit)
            {
                throw new InvalidDataException($"The answer is longer than {limit} bytes.");
            }
        }

        content.Position = 0;
        return content;
    }
}
