"""Calls every operation that the sandbox plays once and tells, a JSON line for each call, whether the answer was parsed without loss.

Arguments: the sandbox's address, the operations it plays, parted by commas, and the accounts' keys as NAME=ID:KEY:SECRET:SESSION.
"""
import base64
import hashlib
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ENDPOINT = sys.argv[1]
PLAYED = set(sys.argv[2].split(","))
KEYS = dict(argument.split("=", 1) for argument in sys.argv[3:])


def lost(raw, parsed, path=""):
    """Members of the answer that the client's model does not know, and so dropped."""
    if isinstance(raw, dict) and isinstance(parsed, dict):
        for name, value in raw.items():
            if value is None:
                continue
            if name not in parsed:
                yield f"{path}.{name}".lstrip(".")
            else:
                yield from lost(value, parsed[name], f"{path}.{name}")
    elif isinstance(raw, list) and isinstance(parsed, list):
        if len(raw) != len(parsed):
            yield f"{path}[]".lstrip(".")
        for one, other in zip(raw, parsed):
            yield from lost(one, other, path + "[]")
    elif isinstance(raw, str) and isinstance(parsed, str) and raw != parsed:
        yield f"{path} (changed)".lstrip(".")


def client(service, account):
    identity, key, secret, session = (KEYS[account].split(":", 3) + [""])[:4]
    made = boto3.client(
        service, region_name="eu-west-1", endpoint_url=ENDPOINT, aws_access_key_id=key, aws_secret_access_key=secret,
        aws_session_token=session or None, config=Config(retries={"max_attempts": 0}, parameter_validation=True))
    made.meta.events.register("response-received", received)
    return made


LAST = {}


def received(response_dict=None, parsed_response=None, **_):
    LAST["raw"], LAST["parsed"] = response_dict, parsed_response


def call(api, operation, refusal=None, **parameters):
    """One line of the report; the answer, or nothing when it failed. What is not played yet, or not known to this boto3, is not called. refusal: the error that is the right answer."""
    method = "".join("_" + letter.lower() if letter.isupper() else letter for letter in operation).lstrip("_")
    line = {"operation": f"{api.meta.service_model.service_name}:{operation}", "error": None, "lost": []}
    answer = {}
    if line["operation"] not in PLAYED or not hasattr(api, method):
        return answer
    try:
        answer = getattr(api, method)(**parameters)
        body = LAST["raw"]["body"]
        if body[:1] == b"{":
            line["lost"] = sorted(set(lost(json.loads(body), LAST["parsed"])))
        if refusal:
            line["error"] = f"was not refused with {refusal}"
    except ClientError as error:
        line["error"] = None if error.response["Error"]["Code"] == refusal else str(error)
    except BotoCoreError as error:
        line["error"] = str(error)
    print(json.dumps(line), flush=True)
    return answer


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def ecr(api):
    call(api, "CreateRepository", repositoryName="boto/app", imageScanningConfiguration={"scanOnPush": False}, tags=[{"Key": "team", "Value": "shop"}])
    arn = call(api, "DescribeRepositories", repositoryNames=["boto/app"])["repositories"][0]["repositoryArn"]
    repository = {"repositoryName": "boto/app"}
    image = {"imageTag": "1"}
    token = call(api, "GetAuthorizationToken")["authorizationData"][0]["authorizationToken"]
    assert base64.b64decode(token).startswith(b"AWS:")
    shop = call(api, "BatchGetImage", repositoryName="shop", imageIds=[image, {"imageTag": "none"}])
    assert shop["failures"][0]["failureCode"] == "ImageNotFound"
    found = shop["images"][0]
    # Another tag on the same manifest is the documented way to retag, and gives the same digest.
    put = call(
        api, "PutImage", repositoryName="shop", imageTag="again", imageManifest=found["imageManifest"],
        imageManifestMediaType=found["imageManifestMediaType"])
    assert put["image"]["imageId"]["imageDigest"] == found["imageId"]["imageDigest"] == sha256(found["imageManifest"].encode())
    layer = json.loads(found["imageManifest"])["layers"][0]["digest"]
    repository = {"repositoryName": "shop"}
    call(api, "BatchCheckLayerAvailability", **repository, layerDigests=[layer, sha256(b"other")])
    call(api, "GetDownloadUrlForLayer", **repository, layerDigest=layer)
    call(api, "DescribeImages", **repository)
    call(api, "ListImages", **repository)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}
    call(api, "SetRepositoryPolicy", **repository, policyText=json.dumps(policy))
    call(api, "GetRepositoryPolicy", **repository)
    call(api, "DeleteRepositoryPolicy", **repository)
    rule = {"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 10}, "action": {"type": "expire"}}
    call(api, "PutLifecyclePolicy", **repository, lifecyclePolicyText=json.dumps({"rules": [rule]}))
    call(api, "GetLifecyclePolicy", **repository)
    call(api, "DeleteLifecyclePolicy", **repository)
    call(api, "PutImageTagMutability", **repository, imageTagMutability="IMMUTABLE")
    call(api, "PutImageScanningConfiguration", **repository, imageScanningConfiguration={"scanOnPush": True})
    call(api, "StartImageScan", **repository, imageId=image)
    call(api, "DescribeImageScanFindings", **repository, imageId=image)
    call(api, "DescribeImageReplicationStatus", **repository, imageId=image)
    call(api, "ListImageReferrers", **repository, subjectId={"imageDigest": found["imageId"]["imageDigest"]})
    call(api, "PutAccountSetting", name="BLOB_MOUNTING", value="ENABLED")
    call(api, "GetAccountSetting", name="BLOB_MOUNTING")
    call(api, "GetRegistryPolicy", refusal="RegistryPolicyNotFoundException")
    call(api, "TagResource", resourceArn=arn, tags=[{"Key": "a", "Value": "b"}])
    call(api, "ListTagsForResource", resourceArn=arn)
    call(api, "UntagResource", resourceArn=arn, tagKeys=["a"])
    call(api, "BatchDeleteImage", **repository, imageIds=[image])
    call(api, "DeleteRepository", repositoryName="boto/app", force=True)


def ecs(api, account, image):
    call(api, "CreateCluster", clusterName="boto", tags=[{"key": "team", "value": "shop"}])
    arn = call(api, "DescribeClusters", clusters=["boto"], include=["TAGS"])["clusters"][0]["clusterArn"]
    call(api, "ListClusters")
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/shop", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "boto"}}
    definition = {
        "family": "boto", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "executionRoleArn": f"arn:aws:iam::{account}:role/task-execution",
        "containerDefinitions": [{"name": "app", "image": image, "environment": [{"name": "EMPTY", "value": ""}], "logConfiguration": logs}]}
    call(api, "RegisterTaskDefinition", **definition)
    # The second can never be pulled: its deployment goes on until it is stopped.
    definition["containerDefinitions"][0]["image"] += "-absent"
    call(api, "RegisterTaskDefinition", **definition)
    call(api, "DescribeTaskDefinition", taskDefinition="boto", include=["TAGS"])
    call(api, "ListTaskDefinitions")
    call(api, "ListTaskDefinitionFamilies")
    network = {"awsvpcConfiguration": {"subnets": ["subnet-12345678"], "securityGroups": ["sg-12345678"]}}
    service = {"cluster": "boto", "service": "web"}
    call(api, "CreateService", cluster="boto", serviceName="web", taskDefinition="boto:1", desiredCount=1, launchType="FARGATE", networkConfiguration=network)
    api.get_waiter("services_stable").wait(cluster="boto", services=["web"], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    call(api, "DescribeServices", cluster="boto", services=["web", "none"])
    call(api, "ListServices", cluster="boto")
    tasks = call(api, "ListTasks", cluster="boto")["taskArns"]
    call(api, "DescribeTasks", cluster="boto", tasks=tasks)
    call(api, "StopTask", cluster="boto", task=tasks[0], reason="judged")
    once = call(api, "RunTask", cluster="boto", taskDefinition="boto:1", launchType="FARGATE", networkConfiguration=network, startedBy="judge")
    if once:
        ran = {"cluster": "boto", "tasks": [once["tasks"][0]["taskArn"]], "WaiterConfig": {"Delay": 1, "MaxAttempts": 30}}
        api.get_waiter("tasks_running").wait(**ran)
        call(api, "StopTask", cluster="boto", task=ran["tasks"][0])
        api.get_waiter("tasks_stopped").wait(**ran)
    call(api, "UpdateService", **service, taskDefinition="boto:2")
    deployments = call(api, "ListServiceDeployments", **service).get("serviceDeployments")
    if deployments:
        newest = deployments[0]["serviceDeploymentArn"]
        described = call(api, "DescribeServiceDeployments", serviceDeploymentArns=[newest])["serviceDeployments"]
        call(api, "DescribeServiceRevisions", serviceRevisionArns=[described[0]["targetServiceRevision"]["arn"]])
        call(api, "StopServiceDeployment", serviceDeploymentArn=newest, stopType="ROLLBACK")
    call(api, "TagResource", resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    call(api, "ListTagsForResource", resourceArn=arn)
    call(api, "UntagResource", resourceArn=arn, tagKeys=["a"])
    call(api, "DeleteService", **service, force=True)
    call(api, "DeregisterTaskDefinition", taskDefinition="boto:1")
    api.get_waiter("services_inactive").wait(cluster="boto", services=["web"], WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    call(api, "DeleteCluster", cluster="boto")


def logs(api):
    group = {"logGroupName": "/ecs/shop"}
    call(api, "DescribeLogGroups", logGroupNamePrefix="/ecs")
    streams = call(api, "DescribeLogStreams", **group, logStreamNamePrefix="boto/")["logStreams"]
    call(api, "GetLogEvents", **group, logStreamName=streams[0]["logStreamName"], startFromHead=True)
    call(api, "FilterLogEvents", **group)


def sts(api, account):
    call(api, "GetCallerIdentity")
    call(api, "AssumeRole", RoleArn=f"arn:aws:iam::{account}:role/judged", RoleSessionName="boto", DurationSeconds=900)


registry, dev = (KEYS[name].split(":")[0] for name in ("registry", "dev"))
sts(client("sts", "dev"), dev)
ecs(client("ecs", "dev"), dev, f"{registry}.dkr.ecr.eu-west-1.amazonaws.com/shop:1")
logs(client("logs", "dev"))
ecr(client("ecr", "registry"))
