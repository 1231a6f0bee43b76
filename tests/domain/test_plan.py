"""A plan's command is what the AWS CLI would take, word for word."""

import json
import os
import shlex
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore import xform_name
from botocore.session import get_session

from sestui.domain.plan import Call, _kebab

CALLS = [
    (
        Call("sesv2", "PutEmailIdentityDkimAttributes", "", {
            "EmailIdentity": "example.com", "SigningEnabled": True,
        }),
        ("aws sesv2 put-email-identity-dkim-attributes --email-identity example.com "
        "--signing-enabled --region eu-west-1"),
    ),
    (
        Call("sesv2", "PutConfigurationSetSendingOptions", "", {
            "ConfigurationSetName": "-dashed", "SendingEnabled": False,
        }),
        ("aws sesv2 put-configuration-set-sending-options --configuration-set-name=-dashed "
        "--no-sending-enabled --region eu-west-1"),
    ),
    (
        Call("sesv2", "PutConfigurationSetDeliveryOptions", "", {
            "ConfigurationSetName": "s", "TlsPolicy": "REQUIRE", "MaxDeliverySeconds": 300,
        }),
        ("aws sesv2 put-configuration-set-delivery-options --configuration-set-name s "
        "--tls-policy REQUIRE --max-delivery-seconds 300 --region eu-west-1"),
    ),
    (
        Call("sesv2", "PutConfigurationSetSuppressionOptions", "", {
            "ConfigurationSetName": "s", "SuppressedReasons": [],
        }),
        ("aws sesv2 put-configuration-set-suppression-options --configuration-set-name s "
        "--suppressed-reasons '[]' --region eu-west-1"),
    ),
    (
        Call("sesv2", "CreateEmailTemplate", "", {
            "TemplateName": "T",
            "TemplateContent": {"Subject": "it's {{name}} é", "Text": "a\nb"},
        }),
        ("aws sesv2 create-email-template --template-name T --template-content "
        """'{"Subject":"it'"'"'s {{name}} é","Text":"a\\nb"}' --region eu-west-1"""),
    ),
    (
        Call("sns", "Subscribe", "", {
            "TopicArn": "arn:aws:sns:eu-west-1:1:t", "Protocol": "email",
            "Endpoint": "-a@example.com", "ReturnSubscriptionArn": True,
        }),
        ("aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:1:t --protocol email "
        "--notification-endpoint=-a@example.com --return-subscription-arn --region eu-west-1"),
    ),
    (
        Call("iam", "PutRolePolicy", "", {
            "RoleName": "r", "PolicyName": "p", "PolicyDocument": '{"Version":"2012-10-17"}',
        }),
        ("aws iam put-role-policy --role-name r --policy-name p --policy-document "
        """'{"Version":"2012-10-17"}' --region eu-west-1"""),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "command"), CALLS, ids=[call.operation for call, _ in CALLS])
def test_a_call_as_a_command(call, command):
    assert call.command("eu-west-1") == command


def test_the_profile_goes_along():
    command = Call("sts", "GetCallerIdentity", "").command("eu-west-1", "my work")
    assert command == "aws sts get-caller-identity --region eu-west-1 --profile 'my work'"


def test_nothing_in_a_value_is_run_by_the_shell():
    value = "$(reboot) `reboot` ; & | > ' \" \\ \n"
    words = shlex.split(Call("sns", "CreateTopic", "", {"Name": value}).command("r"))
    assert words == ["aws", "sns", "create-topic", "--name", value, "--region", "r"]


@pytest.mark.parametrize("service", ["sesv2", "ses", "sns", "sqs", "iam", "events", "route53"])
def test_every_operation_and_parameter_is_named_as_the_cli_names_it(service):
    model = get_session().get_service_model(service)
    for operation in model.operation_names:
        assert _kebab(operation) == xform_name(operation, "-")
        shape = model.operation_model(operation).input_shape
        for name in shape.members if shape else ():
            assert _kebab(name) == xform_name(name, "-")


class Recorder(BaseHTTPRequestHandler):
    """Answers everything with nothing, and keeps the bodies of the requests."""

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_PUT

    def log_message(self, *_arguments):
        pass


@pytest.mark.skipif(not shutil.which("aws"), reason="the AWS CLI is not here")
def test_the_aws_cli_sends_what_we_would_send():
    calls = [call for call, _ in CALLS if call.service == "sesv2"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as server:
        server.bodies = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "AKIA",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        script = " && ".join(call.command("eu-west-1") for call in calls)
        subprocess.run(["sh", "-c", script], check=True, env=env, capture_output=True, timeout=120)
        server.shutdown()
    in_path = {"EmailIdentity", "ConfigurationSetName"}
    assert server.bodies == [
        {name: value for name, value in call.parameters.items() if name not in in_path}
        for call in calls
    ]
