namespace Sandbox.Worlds;

/// <summary>The ECS part of the default world: in each environment a cluster with the service <c>shop</c>, still on a placeholder image.</summary>
internal static class EcsSeeds
{
    public static ClusterSeed Cluster(string account, string environment, int count)
    {
        return new ClusterSeed
        {
            AccountId = account,
            Name = environment,
            LogGroups = ["/ecs/shop"],
            Services =
            [
                new ServiceSeed
                {
                    TaskDefinition =
                        $$"""
                        {"family":"shop","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                         "executionRoleArn":"arn:aws:iam::{{account}}:role/task-execution","taskRoleArn":"arn:aws:iam::{{account}}:role/task",
                         "containerDefinitions":[{"name":"shop","image":"public.ecr.aws/nginx/nginx:latest","essential":true,
                           "portMappings":[{"containerPort":8080,"protocol":"tcp"}],
                           "environment":[{"name":"ASPNETCORE_ENVIRONMENT","value":"{{environment}}"}],
                           "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/shop","awslogs-region":"eu-west-1","awslogs-stream-prefix":"ecs"} } }]}
                        """,
                    Service =
                        $$"""
                        {"serviceName":"shop","desiredCount":{{count}},"launchType":"FARGATE",
                         "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-0aaaaaaaaaaaaaaaa"],"securityGroups":["sg-0aaaaaaaaaaaaaaaa"],"assignPublicIp":"DISABLED"} },
                         "deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":true},"maximumPercent":200,"minimumHealthyPercent":100} }
                        """,
                },
            ],
        };
    }
}
