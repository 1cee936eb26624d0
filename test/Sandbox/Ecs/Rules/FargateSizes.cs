namespace Sandbox.Ecs.Rules;

/// <summary>The pairs of cpu and memory that Fargate has (RegisterTaskDefinition.memory in the ECS model).</summary>
public static class FargateSizes
{
    public static bool Exists(int cpu, int memory) => cpu switch
    {
        256 => memory is 512 or 1024 or 2048,
        512 => Steps(memory, 1024, 4096, 1024),
        1024 => Steps(memory, 2048, 8192, 1024),
        2048 => Steps(memory, 4096, 16384, 1024),
        4096 => Steps(memory, 8192, 30720, 1024),
        8192 => Steps(memory, 16384, 61440, 4096),
        16384 => Steps(memory, 32768, 122880, 8192),
        _ => false,
    };

    private static bool Steps(int memory, int least, int most, int step) => memory >= least && memory <= most && (memory - least) % step == 0;
}
