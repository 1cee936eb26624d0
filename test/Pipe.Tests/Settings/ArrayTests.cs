using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

/// <summary>What takes one value and is written as a Bitbucket array is told, and never taken for not given.</summary>
public sealed class ArrayTests
{
    public static TheoryData<string> OneValued => [.. VariableTable.All.Where(variable => variable is { IsList: false, Name: not VariableNames.ConfigFile }).Select(variable => variable.Name)];

    public static TheoryData<string> Guards => [.. VariableTable.All.Where(variable => variable is { Guard: true, IsList: false }).Select(variable => variable.Name)];

    [Theory]
    [MemberData(nameof(OneValued))]
    public void One_value_is_wanted(string name)
    {
        var action = ActionThatTakes(name);

        Assert.Contains(Fault(name), Given.For(action).Changed("-" + name, $"{name}_COUNT=1", $"{name}_0=dev").Faults());
        Assert.Contains(Fault(name), Given.For(action).Changed("-" + name, $"{name}_COUNT=2", $"{name}_0=dev", $"{name}_1=staging").Faults());
    }

    [Fact]
    public void One_config_file_is_wanted()
    {
        var faults = Assert.Throws<InvalidSettingsException>(() => ConfigText.Find(Given.With("CONFIG_FILE_COUNT=1", "CONFIG_FILE_0=a.yml"), "/nowhere")).Faults;

        Assert.Equal([Fault("CONFIG_FILE")], faults);
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public void A_guard_without_entries_is_no_less_wrong(string name) =>
        Assert.Contains(Fault(name), Given.For(ActionThatTakes(name)).Changed("-" + name, $"{name}_COUNT=0").Faults());

    [Fact]
    public void Another_programs_count_is_no_array() => Assert.Empty(Given.With("DEBUG_COUNT=3").Faults());

    private static string Fault(string name) => $"{name} is given as an array, but takes one value. Write it without the dash: {name}: '<value>'.";

    private static string ActionThatTakes(string name) =>
        Enum.GetValues<PipeAction>().First(action => VariableTable.Of(name).Taken.Includes(action)).ToString().ToLowerInvariant();
}
