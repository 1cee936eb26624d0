using EcsDeploy.Logging;
using Xunit;

namespace Pipe.Tests.Logging;

public sealed class LogLookTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly Redactor _redactor = new();
    private readonly PipeLog _log;

    public LogLookTests() => _log = new PipeLog(_output, _redactor);

    public void Dispose()
    {
        _log.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void Lines_look_like_those_of_other_pipes()
    {
        _log.IncludeDebug();

        _log.Logger.Information("Rolling {Service}", "api");
        _log.Logger.Debug("Asked");
        _log.Logger.Warning("Look at this");
        _log.Logger.Error("Stop");
        _log.Logger.AsClosing().Information("Done");
        _log.Logger.AsClosing().Error("Not done");

        Assert.Equal(
            "\e[36mINFO: Rolling api\e[0m\n\e[37mDEBUG: Asked\e[0m\n\e[33mWARNING: Look at this\e[0m\n\e[31mERROR: Stop\e[0m\n\e[32m✔ Done\e[0m\n\e[31m✖ Not done\e[0m\n",
            _output.ToString());
    }

    [Fact]
    public void Debug_lines_are_shown_only_when_asked_for()
    {
        _log.Logger.Debug("Asked");

        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void A_value_from_outside_cannot_start_a_line_or_colour_one()
    {
        _log.Logger.Information("The reason: {Reason}", "bad\n\e[32m✔ Deployed\u202e\0");

        Assert.Equal("\e[36mINFO: The reason: bad [32m✔ Deployed\e[0m\n", _output.ToString());
    }

    [Fact]
    public void Secrets_are_masked_in_text_values_and_stack_traces()
    {
        _redactor.Add("hunter2-hunter2");

        _log.Logger.Error(new InvalidOperationException("broke on hunter2-hunter2"), "Login hunter2-hunter2 {Word}", "hunter2-hunter2");

        Assert.DoesNotContain("hunter2", _output.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("\e[31mERROR: Login *** ***\e[0m\n\e[31mERROR:   System.InvalidOperationException: broke on ***", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_keeps_its_lines_and_their_indentation()
    {
        _log.Logger.ErrorLines("First\n  second");

        Assert.Equal("\e[31mERROR: First\e[0m\n\e[31mERROR:   second\e[0m\n", _output.ToString());
    }

    [Theory]
    [InlineData("a\tb\r\n\r\nc", 100, "a b c")]
    [InlineData("abcdef", 3, "abc…")]
    [InlineData("ab\ud83d\ude00", 3, "ab…")]
    [InlineData(null, 3, "")]
    public void Text_from_outside_is_put_on_one_bounded_line(string? text, int limit, string expected) => Assert.Equal(expected, PlainText.Line(text, limit));
}
