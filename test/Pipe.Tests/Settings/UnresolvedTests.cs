using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

/// <summary>A reference that the step could not resolve is never taken for the value.</summary>
public sealed class UnresolvedTests
{
    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID=${PROD_KEY}", "AWS_ACCESS_KEY_ID is '${PROD_KEY}': the variable PROD_KEY is not set in this step.")]
    [InlineData("AWS_SECRET_ACCESS_KEY=${PROD_SECRET}", "AWS_SECRET_ACCESS_KEY: the variable PROD_SECRET is not set in this step.")]
    [InlineData("AWS_SECRET_ACCESS_KEY=$PROD_SECRET", "AWS_SECRET_ACCESS_KEY: the variable PROD_SECRET is not set in this step.")]
    [InlineData("AWS_SESSION_TOKEN=${PROD_TOKEN}", "AWS_SESSION_TOKEN: the variable PROD_TOKEN is not set in this step.")]
    public void A_key_that_was_not_found(string change, string fault) =>
        Assert.Equal([fault], Given.With("AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=hunter2", "AWS_SESSION_TOKEN=token").Changed(change).Faults());

    [Fact]
    public void All_keys_that_were_not_found_are_told_at_once() =>
        Assert.Equal(2, Given.With("AWS_ACCESS_KEY_ID=${PROD_KEY}", "AWS_SECRET_ACCESS_KEY=${PROD_SECRET}").Faults().Count);

    [Theory]
    [InlineData("SET_ENV_VARS", "CONN=${DB_CONN}")]
    [InlineData("SET_ENV_VARS", "MODE=live\nCONN=${DB_CONN}")]
    [InlineData("SET_SECRETS", "CONN=${DB_CONN}")]
    [InlineData("DOCKER_BUILD_ARGS", "CONN= ${DB_CONN}")]
    [InlineData("CONTEXT_SET_ENV_VARS", "CONN=${DB_CONN}")]
    public void A_value_inside_an_entry_that_was_not_found(string name, string value)
    {
        var faults = Given.With(name.StartsWith("DOCKER", StringComparison.Ordinal) ? "DOCKERFILE=Dockerfile" : "WAIT=true", $"{name}={value}").Faults();

        Assert.Equal([$"{name.Replace("CONTEXT_", "", StringComparison.Ordinal)}: CONN is to have the value of the variable DB_CONN, which is not set in this step. Set it, or take the entry away."], faults);
    }

    [Theory]
    [InlineData("SET_ENV_VARS=PRICE=$5")]
    [InlineData("SET_ENV_VARS=PASSWORD=$ecret")]
    [InlineData("SET_ENV_VARS=URL=https://${HOST}/")]
    [InlineData("SET_ENV_VARS=EMPTY=")]
    public void What_only_begins_like_a_reference_is_a_value(string change) => Assert.Empty(Given.With(change).Faults());

    [Fact]
    public void The_config_file_may_set_such_a_text_on_purpose()
    {
        var file = new ConfigText("ecs-deploy.yml", "services: { api: { set-env-vars: { CONN: '$${DB_CONN}' } } }");

        var settings = SettingsReader.Read(Given.With("-SERVICE_NAME"), "/work", file);

        Assert.Equal([new("CONN", "${DB_CONN}")], settings.Services[0].SetEnvironment);
    }

    // A password may begin with a dollar sign and be an entry of its own.
    [Fact]
    public void An_entry_that_may_be_a_secret_is_not_shown() => Assert.Equal(
        ["BEFORE_DEPLOY: an entry begins with a dollar sign and is as a variable is written (it is not shown): none of that name is set in this step."],
        Given.With("BEFORE_DEPLOY=migrate\n--password\n$ecretPassw0rd").Faults());
}
