using System.Text.RegularExpressions;
using Google.Protobuf;
using Scenarios.Cli.Output;
using Scenarios.V1;
using Spectre.Console;
using Progress = Scenarios.V1.Progress;

namespace Scenarios.Service.Tests.Cli;

public sealed class LegibleOutputTests
{
    private const string Hostile = "a\u001b]0;pwned\u0007\u001b[31mRED\u001b[2J\r\u0000\u007f\u009b31m\u202eevil\u2066\u061c\u2028\ud800";

    /// <summary>C0 but for line feeds, DEL, C1, bidirectional controls, separators of lines.</summary>
    private static readonly Regex Raw = new("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]");

    [Fact]
    public async Task T1_HostileTexts_OfAProjection_AreShownEscaped()
    {
        var projection = Drawn.Straight();
        projection.Headline = projection.Consequence = $"**{Hostile}** {Hostile}";
        (projection.Scenario.DisplayName, projection.Scenario.Noun, projection.Scenario.Verb) = (Hostile, Hostile, Hostile);
        projection.Scenario.Events.Add(new Event { EventId = "e", DisplayName = Hostile });
        projection.Events.Add(new EventOutcome { EventId = "e", Probability = 0.5, ProbabilityStandardError = 0.01 });
        projection.Warnings.Add(new Warning { Code = Hostile, Message = Hostile, Field = Hostile });
        projection.Thresholds[0].ReachedInWords = projection.Cap.ReachedInWords = Hostile;
        projection.Name = Hostile;
        foreach (var width in new[] { 20, 60, 120, 200 })
        {
            var written = new StringWriter();

            await new ProjectionView(Terminals.Pipe(written, TextWriter.Null, width: width)).ShowAsync(Stream(projection), default);

            Assert.DoesNotMatch(Raw, written.ToString());
            Assert.Contains("\\u{1b}", written.ToString());
        }
    }

    [Fact]
    public void T1_WhateverIsWritten_WhoeverForgets_PassesTheTerminalEscaped()
    {
        var (answers, errors) = (new StringWriter(), new StringWriter());
        var terminal = Terminals.Pipe(answers, errors);

        terminal.Write(new Text(Hostile));
        terminal.Write(new Panel(Markup.Escape(Hostile)));
        terminal.WriteLine(Hostile);
        terminal.Data.WriteLine(Hostile);
        terminal.Data.Write(Hostile.ToCharArray());
        terminal.Errors.WriteLine(Hostile);
        terminal.Errors.Write('\u001b');
        terminal.Tell(Hostile);

        Assert.DoesNotMatch(Raw, answers.ToString());
        Assert.DoesNotMatch(Raw, errors.ToString());
    }

    [Fact]
    public void T1_JsonWithControls_IsEscapedAsJson_AndMeansTheSame()
    {
        var scenario = new Scenario { DisplayName = "a\u001b[2J \u2066isolate\u2069 \u202e \U000e0041 b" };
        var written = new StringWriter();

        Terminals.Pipe(written, TextWriter.Null).Data.WriteLine(JsonFormatter.Default.Format(scenario));

        Assert.DoesNotMatch(Raw, written.ToString());
        Assert.Equal(scenario, JsonParser.Default.Parse<Scenario>(written.ToString()));
    }

    [Fact]
    public async Task T1_HostileArguments_AreNamedEscaped()
    {
        foreach (var args in new[] { new[] { "project", $"./{Hostile.Replace("\0", "")}" }, [Hostile], ["project", "x", "--paths", Hostile], ["health", "--server", Hostile] })
        {
            var ran = await Terminals.RunAsync(args);

            Assert.Equal(2, ran.ExitCode);
            Assert.DoesNotMatch(Raw, ran.Errors + ran.Answers);
        }
    }

    [Theory]
    [InlineData("אבג عربي 日本語 été 👩‍👩‍👧 naïve")]
    [InlineData("")]
    public void T1_OrdinaryText_StaysAsItIs(string text) => Assert.Same(text, Legible.Of(text));

    private static async IAsyncEnumerable<ProjectResponse> Stream(Projection projection)
    {
        await Task.CompletedTask;
        yield return new() { Projection = projection, Progress = new() { State = Progress.Types.State.Completed } };
    }
}
