"""From the start of a program to its first request: our native binary against a boto3 client, over HTTP and HTTPS."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import report

RUNS = 11
SYSTEM = "/etc/ssl/certs/ca-certificates.crt"
BOTO3 = "import boto3; boto3.client('sts', endpoint_url='{url}', verify={ca!r}).get_caller_identity()"


def certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True)
    return key, cert


def until_first_request(command, environment, listener, context):
    """Milliseconds until the server has read the first bytes of an HTTP request."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listener.settimeout(20)
        while True:
            connection, _ = listener.accept()
            connection.settimeout(20)
            try:
                stream = context.wrap_socket(connection, server_side=True) if context else connection
                first = stream.recv(16)
            except (ssl.SSLError, ConnectionError):
                continue
            if first:
                return (time.perf_counter() - begun) * 1000
    finally:
        child.kill()
        child.wait()


def whole_run(command, environment):
    begun = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1000


def authorities(folder, cert):
    """What a machine trusts, and the server's certificate: one file, as the small image has it."""
    path = os.path.join(folder, "authorities.pem")
    with open(path, "w", encoding="utf-8") as both:
        for source in (SYSTEM, cert):
            with open(source, encoding="utf-8") as text:
                both.write(text.read())
    return path


def environments(url, bundle, system):
    common = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE00000000", "AWS_SECRET_ACCESS_KEY": "example", "AWS_DEFAULT_REGION": "eu-west-1"}
    ours = common | keys | {
        "ACTION": "promote", "IMAGE": "1.0", "CLUSTER_NAME": "dev", "SERVICE_NAME": "shop", "REPORT": "false",
        "ECR_REPOSITORY": "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop", "AWS_ENDPOINT_URL": url,
    }
    if bundle:
        ours["CA_BUNDLE"] = bundle
    if bundle or system:
        ours |= {"SSL_CERT_FILE": system or SYSTEM, "SSL_CERT_DIR": "/nonexistent"}
    return ours, common | keys


def measure(binary, folder):
    key, cert = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    figures = {}
    system = authorities(folder, cert)
    for name, tls, bundle, trusted in (("http", None, None, None), ("https", context, None, system), ("https_ca_bundle", context, cert, None)):
        with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
            url = f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
            ours, peer = environments(url, bundle, trusted)
            boto3 = ["/usr/bin/python3", "-c", BOTO3.format(url=url, ca=bundle or trusted or True)]
            samples = {"ours": [], "boto3": []}
            for run in range(RUNS + 1):
                pair = (until_first_request([binary], ours, listener, tls), until_first_request(boto3, peer, listener, tls))
                if run:
                    samples["ours"].append(pair[0])
                    samples["boto3"].append(pair[1])
            figures[f"{name}_first_request_ms"] = {who: report.spread(values) for who, values in samples.items()}
    plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    figures["aws_version_ms"] = report.spread([whole_run(["/usr/bin/aws", "--version"], plain) for _ in range(5)])
    return figures


def main():
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(sys.argv[1], folder)
    rows = [["start to first request", "ours ms", "boto3 ms", "boto3 / ours"]]
    for name, label in (("http", "HTTP"), ("https", "HTTPS, the system's authorities"), ("https_ca_bundle", "HTTPS, CA_BUNDLE")):
        ours, boto3 = (figures[f"{name}_first_request_ms"][who]["median"] for who in ("ours", "boto3"))
        rows.append([label, f"{ours:.1f}", f"{boto3:.1f}", f"{boto3 / ours:.1f}"])
    report.table(rows)
    print(f"aws --version, whole run: {figures['aws_version_ms']['median']:.0f} ms")
    report.write("startup", figures)


main()
