using System.Text;
using EcsDeploy.Logging;
using Xunit;

namespace Pipe.Tests.Logging;

public sealed class RedactionTests
{
    private const string Secret = "wJalr+XUtnFEMI/K7MDENG=bPxRfiCY";

    [Theory]
    [InlineData("key wJalr+XUtnFEMI/K7MDENG=bPxRfiCY.", "key ***.")]
    [InlineData("?key=wJalr%2BXUtnFEMI%2FK7MDENG%3DbPxRfiCY&a=1", "?key=***&a=1")]
    [InlineData("?key=wJalr%2bXUtnFEMI%2fK7MDENG%3dbPxRfiCY&a=1", "?key=***&a=1")]
    [InlineData("""{"key":"wJalr\u002BXUtnFEMI/K7MDENG=bPxRfiCY"}""", """{"key":"***"}""")]
    [InlineData("wJalr+XUtnFEMI/K7MDENG=bPxRfiCYwJalr+XUtnFEMI/K7MDENG=bPxRfiCY", "******")]
    [InlineData("wJalr+XUtnFEMI/K7MDENG=bPxRfi", "wJalr+XUtnFEMI/K7MDENG=bPxRfi")]
    [InlineData("", "")]
    public void A_secret_is_masked_in_every_form_it_is_written_in(string text, string expected)
    {
        var redactor = new Redactor();
        redactor.Add(Secret);

        Assert.Equal(expected, redactor.Redact(text));
    }

    [Fact]
    public void A_secret_is_masked_in_JSON_as_other_languages_write_it()
    {
        var redactor = new Redactor();
        redactor.Add("pa\"ss\\word+é");

        Assert.Equal("""{"key":"***"}""", redactor.Redact("""{"key":"pa\"ss\\word+é"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AWS:")]
    [InlineData("user:")]
    public void A_secret_is_masked_inside_base64_wherever_it_begins(string before)
    {
        var redactor = new Redactor();
        redactor.Add(Secret);
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Secret + " and more"));

        var redacted = redactor.Redact(encoded);

        Assert.Contains(Redactor.Mask, redacted, StringComparison.Ordinal);
        for (var start = 0; start + 8 <= Secret.Length; start++)
        {
            Assert.DoesNotContain(Secret.Substring(start, 8), Decoded(redacted), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_line_of_a_secret_of_several_lines_is_a_secret()
    {
        var redactor = new Redactor();
        redactor.Add("-----BEGIN KEY-----\r\nMIIEvQIBADANBg\r\n-----END KEY-----");

        Assert.Equal("found *** here", redactor.Redact("found MIIEvQIBADANBg here"));
    }

    [Fact]
    public void The_longer_of_two_secrets_is_masked_whole()
    {
        var redactor = new Redactor();
        redactor.Add("token");
        redactor.Add("token-and-more");

        Assert.Equal("*** ***", redactor.Redact("token-and-more token"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("abc")]
    public void What_is_too_short_to_be_a_secret_masks_nothing(string? secret)
    {
        var redactor = new Redactor();
        redactor.Add(secret);

        Assert.Equal("abc abc", redactor.Redact("abc abc"));
    }

    [Fact]
    public async Task Secrets_may_be_added_while_others_log()
    {
        var redactor = new Redactor();

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, (number, _) =>
        {
            redactor.Add($"secret-number-{number};");
            Assert.Equal(Redactor.Mask, redactor.Redact($"secret-number-{number};"));
            return ValueTask.CompletedTask;
        });
    }

    private static string Decoded(string masked) => string.Concat(masked.Split(Redactor.Mask).Select(piece => Encoding.UTF8.GetString(Convert.FromBase64String(piece[..(piece.Length / 4 * 4)]))));
}
